using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

/// <summary>Writes the mail of a closed month: its totals, the seal of its saved report, and the files or a link. It names no client.</summary>
public sealed class MakeLetter(CreditUsageDb db, IMonthFiles monthFiles, ReportFiles files, SendMail mail)
{
    /// <summary>Mail servers commonly refuse mails of more than 25 MB, some of more than 15; encoding adds a third.</summary>
    public const long MostBytes = 10_000_000;

    /// <exception cref="UserFacingException">The version is not in force, or its PDF is not what was saved.</exception>
    public async Task<Letter> RunAsync(UsageMonth month, int version, bool asLink, CancellationToken cancellation)
    {
        var closing = await db.MonthClosings.AsNoTracking().SingleOrDefaultAsync(closing => closing.Month == month && closing.Version == version && closing.ReopenedAt == null, cancellation)
            ?? throw new UserFacingException($"Version {version} of {month.Name} is no longer in force.");
        var report = await db.SavedReports.AsNoTracking().SingleAsync(report => report.Id == closing.SavedReportId, cancellation);
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        var attached = asLink ? [] : await FilesAsync(month, report, cancellation);
        return new(Subject(closing), LetterText.Of(clinic, closing, report, mail, attached, tooLarge: !asLink && attached.Count == 0), attached);
    }

    /// <summary>None where they are too large for a mail.</summary>
    private async Task<IReadOnlyList<MailFile>> FilesAsync(UsageMonth month, SavedReport report, CancellationToken cancellation)
    {
        if (report.SizeBytes > MostBytes) return [];
        await using var content = await files.OpenAsync(report.Sha256, cancellation);
        var pdf = new byte[content.Length];
        await content.ReadExactlyAsync(pdf, cancellation);
        using var csv = new MemoryStream();
        await monthFiles.WriteCsvAsync(month, csv, cancellation);
        return pdf.Length + csv.Length > MostBytes ? [] :
            [new(report.FileName, "application/pdf", pdf), new(Path.ChangeExtension(report.FileName, "csv"), "text/csv", csv.ToArray())];
    }

    private static string Subject(MonthClosing closing) =>
        $"Credit Usage Report {closing.Month.Name}, version {closing.Version}{(closing.Version > 1 ? $", replaces version {closing.Version - 1}" : "")}";
}
