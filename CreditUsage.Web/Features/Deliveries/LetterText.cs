using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Mail;

namespace CreditUsage.Features.Deliveries;

/// <summary>The words of the mail.</summary>
internal static class LetterText
{
    /// <param name="tooLarge">The files were wanted and cannot be attached.</param>
    public static string Of(string clinic, MonthClosing closing, SavedReport report, SendMail mail, IReadOnlyList<MailFile> attached, bool tooLarge)
    {
        var replaced = closing.Version == 1 ? "" : $"It replaces version {closing.Version - 1}: the month was reopened and closed again.\n\n";
        return $"""
            Credit Usage Report of {clinic} for {closing.Month.Name}, version {closing.Version}.

            {replaced}{Totals(closing)}

            {(attached.Count > 0 ? $"Attached: {string.Join(" and ", attached.Select(file => file.Name))}." : Links(closing, report, mail, tooLarge))}

            Report {report.Number}. The SHA-256 of its PDF is
            {report.Sha256}
            To see whether a copy is genuine and still the current version, go to
            {mail.Link("/verify")}

            An administrator of {clinic} has set up that you get this. Ask them if you no longer want it.
            """;
    }

    private static string Totals(MonthClosing closing) =>
        $"{Display.Count(closing.Events, "event", "events")}{(closing.Corrections == 0 ? "" : $" and {Display.Count(closing.Corrections, "correction", "corrections")}")}, "
        + $"{Display.Count(closing.Credits, "credit", "credits")}, {Display.Pounds(closing.CostPence)}.";

    private static string Links(MonthClosing closing, SavedReport report, SendMail mail, bool tooLarge) =>
        $"""
        {(tooLarge ? $"The files are too large to be attached (the PDF alone has {Display.Size(report.SizeBytes)}). " : "")}Sign in to read it. The PDF is at
        {mail.Link($"/saved-reports/{report.Id}")}
        and the CSV at
        {mail.Link($"/usage-report/csv{MonthAddress.WholeQuery(closing.Month)}")}
        """;
}
