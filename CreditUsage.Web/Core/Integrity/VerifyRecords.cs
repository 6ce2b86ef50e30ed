using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Integrity;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Integrity;

/// <summary>Recomputes, in one snapshot, what a subscription's records say of themselves and of each other.</summary>
public sealed class VerifyRecords(CreditUsageDb db, ReportQuery query, IMonthProof proof, VerifySums sums, ReportFiles files)
{
    /// <param name="anchors">Of this subscription.</param>
    public async Task<VerifiedData> RunAsync(IReadOnlyList<AuditAnchor> anchors, CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        try
        {
            var closings = await db.MonthClosings.AsNoTracking().OrderBy(closing => closing.Month).ThenBy(closing => closing.Version).ToListAsync(cancellation);
            var kept = await db.SavedReports.AsNoTracking().Where(report => report.RemovedAt == null).OrderBy(report => report.Number).Select(report => new KeptPdf(report.Id, report.Number, report.Sha256)).ToListAsync(cancellation);
            var (entries, audit) = await AuditAsync(anchors, closings, kept, cancellation);
            var problem = audit ?? await sums.FirstWrongAsync(closings, cancellation) ?? await FirstWrongAsync(closings, cancellation) ?? await FirstWrongAsync(kept, cancellation);
            var counts = new DataCounts(await db.UsageEvents.LongCountAsync(cancellation), closings.Count(closing => closing.ReopenedAt is null), closings.Count + kept.Count, entries);
            return new(DataCheckKind.Records, db.RequireSubscriptionId(), problem is null ? null : $"Subscription {db.SubscriptionId}: {problem}", counts);
        }
        finally
        {
            await db.EndSnapshotAsync();
        }
    }

    /// <summary>The chain, against every place where its newest entry was written down; and each closing against the entry of its closing, or of its anonymised edition, that names its hashes.</summary>
    private async Task<(long Entries, string? Problem)> AuditAsync(IReadOnlyList<AuditAnchor> anchors, List<MonthClosing> closings, List<KeptPdf> kept, CancellationToken cancellation)
    {
        var heads = anchors.Select(anchor => new AuditHead(anchor.Sequence, anchor.Hash)).ToList();
        foreach (var pdf in kept.Where(pdf => closings.Exists(closing => closing.SavedReportId == pdf.Id)))
            if (await AnchorOfAsync(pdf, cancellation) is { } head) heads.Add(head);
        var (entries, broken) = await AuditChain.CheckAsync(db, cancellation, heads);
        if (broken is { } number) return (entries, $"audit entry {number} was changed or removed.");
        var closed = await db.AuditEntries.AsNoTracking().Where(entry => entry.Action == AuditAction.Close || entry.Action == AuditAction.Anonymise).Select(entry => new { entry.Subject, entry.Detail }).ToListAsync(cancellation);
        var unnamed = closings.Find(closing => !closed.Exists(entry => entry.Subject == closing.Month.Name
            && entry.Detail.Contains(closing.RowsSha256, StringComparison.Ordinal) && entry.Detail.Contains(closing.PdfSha256, StringComparison.Ordinal)));
        return (entries, unnamed is null ? null : $"{NameOf(unnamed)}: the audit has no such closing.");
    }

    private async Task<AuditHead?> AnchorOfAsync(KeptPdf pdf, CancellationToken cancellation)
    {
        if (!await files.IsIntactAsync(pdf.Sha256, cancellation)) return null;
        await using var content = await files.OpenAsync(pdf.Sha256, cancellation);
        return await PaperAnchor.ReadAsync(content, cancellation);
    }

    private async Task<string?> FirstWrongAsync(List<MonthClosing> closings, CancellationToken cancellation)
    {
        foreach (var closing in closings)
        {
            if (!await files.IsIntactAsync(closing.RowsSha256, cancellation, MonthClosing.RowsExtension)) return $"{NameOf(closing)}: the file of its rows is missing or not what was kept.";
            if (!await db.SavedReports.AnyAsync(report => report.Id == closing.SavedReportId && report.Sha256 == closing.PdfSha256, cancellation)) return $"{NameOf(closing)}: its PDF is not the one that was saved.";
            if (closing.ReopenedAt is null && await proof.CompareAsync(closing, await query.ReadAsync(closing.Month, cancellation), cancellation) is { } difference) return difference;
        }
        return null;
    }

    private async Task<string?> FirstWrongAsync(List<KeptPdf> kept, CancellationToken cancellation)
    {
        foreach (var pdf in kept)
            if (!await files.IsIntactAsync(pdf.Sha256, cancellation))
                return $"saved report {pdf.Number}: its file is missing or not what was kept.";
        return null;
    }

    private static string NameOf(MonthClosing closing) => $"{closing.Month.Name}, version {closing.Version}";

    private sealed record KeptPdf(Guid Id, int Number, string Sha256);
}
