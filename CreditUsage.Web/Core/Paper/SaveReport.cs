using CreditUsage.Core.Files;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Core.Paper;

/// <summary>Makes a report's PDF and keeps it, byte for byte, before anybody gets it. What is kept already is not made again.</summary>
public sealed class SaveReport(ReportQuery query, DrawCharts draw, MakePdf makePdf, MakeBillback makeBillback, NextReportNumber numbers, ReportFiles files, CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <summary>How often somebody else may save a draft of the same month while this one is made.</summary>
    private const int Attempts = 3;

    /// <param name="asked">Of a valid filter.</param>
    /// <param name="savedBy">An e-mail address.</param>
    /// <param name="rowsDone">Told how many rows are on paper, as they get there.</param>
    /// <exception cref="PdfException">In words for the user; nothing has been kept.</exception>
    public async Task<SavedReport> RunAsync(ReportRequest asked, string savedBy, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var kept = Kept(asked);
        // A file that was lost is made again, under a number of its own.
        if (await SameAsync(kept, asked.Filter, cancellation) is { } same && await files.IsIntactAsync(same.Sha256, cancellation)) return same;
        for (var attempt = 0; attempt < Attempts; attempt++)
            if (await MakeAsync(kept, asked, savedBy, rowsDone, cancellation) is { } saved)
                return saved;
        throw new UserFacingException("Others are saving reports of this month at the same time. Try again in a moment.");
    }

    private SavedReportLookup Kept(ReportRequest asked) => new(db, asked.Filter.Month, asked.Filter.Sessions, asked.Filter.TopUps, asked.Form, asked.Variant);

    private async Task<SavedReport?> SameAsync(SavedReportLookup kept, ReportFilter filter, CancellationToken cancellation)
    {
        var report = await query.RunAsync(filter, cancellation);
        // To hash a long month takes a second, and most have none to be compared with.
        var same = await kept.AnyAsync(report.State.ClosedVersion, cancellation)
            ? await kept.SameAsync(report.State.ClosedVersion, await ContentAsync(report, cancellation), cancellation)
            : null;
        await db.EndSnapshotAsync();
        return same;
    }

    private async Task<string> ContentAsync(CreditUsageReport report, CancellationToken cancellation) =>
        await ReportContent.Sha256Async(report, query.RowsAsync(report.Filter, cancellation), cancellation, await draw.SheetAsync(report, cancellation));

    /// <summary>Null where another draft took the version that stands on this one.</summary>
    private async Task<SavedReport?> MakeAsync(SavedReportLookup kept, ReportRequest asked, string savedBy, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var closed = (await db.ClosedMonthsAsync(cancellation)).StateOf(asked.Filter.Month, clock.GetUtcNow()).ClosedVersion;
        var seal = new ReportNumber(await numbers.NextAsync(cancellation), closed ?? (await kept.DraftsAsync(cancellation) + 1), closed is null);
        using var made = await PaperAsync(asked, savedBy, seal, rowsDone, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await kept.SameAsync(closed, made.ContentSha256, cancellation) is { } same && await files.IsIntactAsync(same.Sha256, cancellation)) return same;
        if (made.Report.State.ClosedVersion != closed || (seal.Draft && await kept.DraftsAsync(cancellation) >= seal.Version)) return null;
        // The bytes first, the row after: a row never points at nothing. A file whose row cannot be entered stays: another row may have the same bytes, and the file alone is nobody's.
        files.Store(made.File.Path, made.File.Sha256);
        var saved = GeneratedReport.Row(made, seal, asked, savedBy, clock.GetUtcNow());
        db.Add(saved);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Save, asked.Filter.Month.Name, $"PDF of {asked.Audited}, saved report {saved.Number}, SHA-256 {saved.Sha256}", cancellation);
        await transaction.CommitAsync(cancellation);
        return saved;
    }

    private Task<GeneratedPdf> PaperAsync(ReportRequest asked, string savedBy, ReportNumber seal, IProgress<int>? rowsDone, CancellationToken cancellation) => asked.By is { } by
        ? makeBillback.RunAsync(asked.Filter, by, savedBy, seal, rowsDone, cancellation)
        : makePdf.RunAsync(asked.Filter, savedBy, seal, rowsDone, cancellation);
}

/// <summary>What is entered of a report that is kept.</summary>
internal static class GeneratedReport
{
    public static SavedReport Row(GeneratedPdf made, ReportNumber seal, ReportRequest asked, string savedBy, DateTimeOffset savedAt, string? fileName = null)
    {
        var (filter, all) = (made.Report.Filter, made.Report.All);
        return new SavedReport
        {
            Id = Guid.CreateVersion7(savedAt),
            SubscriptionId = made.Report.Subscription.Id,
            Number = seal.Number,
            Version = seal.Version,
            Draft = seal.Draft,
            Form = asked.Form,
            Variant = asked.Variant,
            ContentSha256 = made.ContentSha256,
            MadeWith = made.File.MadeWith,
            MonthStart = filter.Month.Start,
            Sessions = filter.Sessions,
            TopUps = filter.TopUps,
            Events = all.Rows,
            Credits = all.Credits,
            CostPence = all.CostPence,
            FileName = fileName ?? asked.FileName,
            Pages = made.File.Pages,
            SizeBytes = made.File.SizeBytes,
            Sha256 = made.File.Sha256,
            SavedBy = savedBy,
            SavedAt = savedAt,
        };
    }
}
