using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>Makes a report's PDF and keeps it, byte for byte, before anybody gets it. What is kept already is not made again.</summary>
public sealed class SaveReport(UsageReportQuery query, MakePdf makePdf, ReportNumbers numbers, ReportFiles files, CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <summary>How often somebody else may save a draft of the same month while this one is made.</summary>
    private const int Attempts = 3;

    /// <param name="filter">A valid one.</param>
    /// <param name="savedBy">An e-mail address.</param>
    /// <param name="rowsDone">Told how many rows are on paper, as they get there.</param>
    /// <exception cref="PdfException">In words for the user; nothing has been kept.</exception>
    public async Task<SavedReport> RunAsync(UsageReportFilter filter, string savedBy, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var kept = Kept(filter);
        // A file that was lost is made again, under a number of its own.
        if (await SameAsync(kept, filter, cancellation) is { } same && await files.HoldsAsync(same.Sha256, cancellation)) return same;
        for (var attempt = 0; attempt < Attempts; attempt++)
            if (await MakeAsync(kept, filter, savedBy, rowsDone, cancellation) is { } saved)
                return saved;
        throw new UserFacingException("Others are saving reports of this month at the same time. Try again in a moment.");
    }

    private KeptReports Kept(UsageReportFilter filter) => new(db, filter.Month, filter.Sessions, filter.TopUps, ReportForm.Month, filter.Variant);

    private async Task<SavedReport?> SameAsync(KeptReports kept, UsageReportFilter filter, CancellationToken cancellation)
    {
        var report = await query.RunAsync(filter, cancellation);
        var content = await ReportContent.Sha256Async(report, query.RowsAsync(filter, cancellation), cancellation);
        var same = await kept.SameAsync(report.State.ClosedVersion, content, cancellation);
        await db.EndSnapshotAsync();
        return same;
    }

    /// <summary>Null where another draft took the version that stands on this one.</summary>
    private async Task<SavedReport?> MakeAsync(KeptReports kept, UsageReportFilter filter, string savedBy, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var closed = (await ClosedMonths.LoadAsync(db, cancellation)).StateOf(filter.Month, clock.GetUtcNow()).ClosedVersion;
        var seal = new ReportSeal(await numbers.NextAsync(cancellation), closed ?? (await kept.DraftsAsync(cancellation) + 1), closed is null);
        using var made = await makePdf.RunAsync(filter, savedBy, seal, rowsDone, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await kept.SameAsync(closed, made.ContentSha256, cancellation) is { } same && await files.HoldsAsync(same.Sha256, cancellation)) return same;
        if (made.Report.State.ClosedVersion != closed || (seal.Draft && await kept.DraftsAsync(cancellation) >= seal.Version)) return null;
        // The bytes first, the row after: a row never points at nothing. A file whose row cannot be entered stays: another row may have the same bytes, and the file alone is nobody's.
        files.Keep(made.File.Path, made.File.Sha256);
        var saved = MadeReport.Row(made, seal, filter.FileName("pdf"), savedBy, clock.GetUtcNow());
        db.Add(saved);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Save, filter.Month.Name, $"PDF of {filter.Audited}, saved report {saved.Number}, SHA-256 {saved.Sha256}", cancellation);
        await transaction.CommitAsync(cancellation);
        return saved;
    }
}
