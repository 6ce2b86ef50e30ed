using CreditUsage.Core;
using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace CreditUsage.Features.Deliveries;

/// <summary>The mail of a closed month: totals, report number and SHA-256, and the files or a link. It names no client.</summary>
public sealed class ComposeDelivery(CreditUsageDb db, MonthFiles monthFiles, ReportFiles files, SendMail mail)
{
    /// <summary>Mail servers commonly refuse mails of more than 25 MB, some of more than 15; encoding adds a third.</summary>
    public const long MaxBytes = 10_000_000;

    /// <exception cref="UserFacingException">The version is not in force, or its PDF differs from the saved one.</exception>
    public async Task<DeliveryMail> RunAsync(UsageMonth month, int version, bool asLink, CancellationToken cancellation)
    {
        var closing = await db.MonthClosings.AsNoTracking().SingleOrDefaultAsync(closing => closing.Month == month && closing.Version == version && closing.ReopenedAt == null, cancellation)
            ?? throw new UserFacingException($"Version {version} of {month.Name} is no longer in force.");
        var report = await db.SavedReports.AsNoTracking().SingleAsync(report => report.Id == closing.SavedReportId, cancellation);
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        var attached = asLink ? [] : await FilesAsync(month, report, cancellation);
        return new(Subject(closing), DeliveryMailText.Of(clinic, closing, report, mail, attached, tooLarge: !asLink && attached.Count == 0), attached);
    }

    /// <summary>The mail of a saved report: its PDF alone.</summary>
    /// <exception cref="UserFacingException">The PDF was removed, or differs from the saved one.</exception>
    public async Task<DeliveryMail> OfReportAsync(Guid id, bool asLink, CancellationToken cancellation)
    {
        var report = await db.SavedReports.AsNoTracking().SingleAsync(report => report.Id == id, cancellation);
        if (report.RemovedAt is not null) throw new UserFacingException($"The PDF was removed {report.RemovedBecause}.");
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        IReadOnlyList<MailFile> attached = asLink || report.SizeBytes > MaxBytes ? [] : [new(report.FileName, "application/pdf", await PdfAsync(report, cancellation))];
        return new($"{report.Label}: {UsageMonth.Of(report.MonthStart).Name}", DeliveryMailText.Of(clinic, report, mail, attached, tooLarge: !asLink && attached.Count == 0), attached);
    }

    /// <summary>Empty where the files are too large for a mail.</summary>
    private async Task<IReadOnlyList<MailFile>> FilesAsync(UsageMonth month, SavedReport report, CancellationToken cancellation)
    {
        if (report.SizeBytes > MaxBytes) return [];
        var pdf = await PdfAsync(report, cancellation);
        using var csv = new MemoryStream();
        await monthFiles.WriteCsvAsync(month, csv, cancellation);
        return pdf.Length + csv.Length > MaxBytes ? [] :
            [new(report.FileName, "application/pdf", pdf), new(Path.ChangeExtension(report.FileName, "csv"), "text/csv", csv.ToArray())];
    }

    private async Task<byte[]> PdfAsync(SavedReport report, CancellationToken cancellation)
    {
        await using var content = await files.OpenAsync(report.Sha256, cancellation);
        var pdf = new byte[content.Length];
        await content.ReadExactlyAsync(pdf, cancellation);
        return pdf;
    }

    private static string Subject(MonthClosing closing) =>
        $"Credit Usage Report {closing.Month.Name}, version {closing.Version}{(closing.Version > 1 ? $", replaces version {closing.Version - 1}" : "")}";
}

public sealed record DeliveryMail(string Subject, string Text, IReadOnlyList<MailFile> Files)
{
    public OutgoingMail To(string name, string email) => new(new MailboxAddress(name, email), Subject, Text, Files);
}

internal static class DeliveryMailText
{
    public static string Of(string clinic, MonthClosing closing, SavedReport report, SendMail mail, IReadOnlyList<MailFile> attached, bool tooLarge)
    {
        var replaced = closing.Version == 1 ? "" : $"It replaces version {closing.Version - 1}: the month was reopened and closed again.\n\n";
        return $"""
            Credit Usage Report of {clinic} for {closing.Month.Name}, version {closing.Version}.

            {replaced}{Totals(closing)}

            {(attached.Count > 0 ? Attached(attached) : Links(closing, report, mail, tooLarge))}

            {Foot(clinic, report, mail)}
            """;
    }

    public static string Of(string clinic, SavedReport report, SendMail mail, IReadOnlyList<MailFile> attached, bool tooLarge) =>
        $"""
        {report.Label} of {clinic}, {UsageMonth.Of(report.MonthStart).Name}.

        {Display.Count(report.Events, "row", "rows")}, {Display.Count(report.Credits, "credit", "credits")}, {(report.CostPence is { } pence ? Display.Pounds(pence) : "cost withheld")}.

        {(attached.Count > 0 ? Attached(attached) : PdfLink(report, mail, tooLarge))}

        {Foot(clinic, report, mail)}
        """;

    private static string Attached(IReadOnlyList<MailFile> attached) => $"Attached: {string.Join(" and ", attached.Select(file => file.Name))}.";

    private static string Foot(string clinic, SavedReport report, SendMail mail) =>
        $"""
        Report {report.Number}. SHA-256 of the PDF:
        {report.Sha256}
        Check that a copy is genuine and current:
        {mail.Link("/verify")}

        {clinic} added you as a recipient. Ask them to remove you if you no longer want this.
        """;

    private static string PdfLink(SavedReport report, SendMail mail, bool tooLarge) =>
        $"""
        {(tooLarge ? $"The files are too large to attach (the PDF alone is {Display.Size(report.SizeBytes)}). " : "")}Sign in to open the PDF:
        {mail.Link($"/saved-reports/{report.Id}")}
        """;

    private static string Totals(MonthClosing closing) =>
        $"{Display.Count(closing.Events, "event", "events")}{(closing.Corrections == 0 ? "" : $" and {Display.Count(closing.Corrections, "correction", "corrections")}")}, "
        + $"{Display.Count(closing.Credits, "credit", "credits")}, {Display.Pounds(closing.CostPence)}.";

    private static string Links(MonthClosing closing, SavedReport report, SendMail mail, bool tooLarge) =>
        $"""
        {PdfLink(report, mail, tooLarge)}
        and the CSV:
        {mail.Link($"/usage-report/csv{MonthAddress.WholeQuery(closing.Month)}")}
        """;
}
