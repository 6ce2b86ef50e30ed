using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Paper;

public sealed class NextReportNumber(CreditUsageDb db)
{
    /// <summary>A number that no other report of the subscription has or will have, even if the process ends at once. A failed report leaves it unused.</summary>
    public async Task<int> NextAsync(CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var own = db.Subscriptions.Where(subscription => subscription.Id == db.RequireSubscriptionId());
        await own.ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.LastReportNumber, subscription => subscription.LastReportNumber + 1), cancellation);
        var number = await own.Select(subscription => subscription.LastReportNumber).SingleAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return number;
    }

    public async Task<string?> AnchorAsync(CancellationToken cancellation) => PaperAnchor.Of(await AuditChain.HeadAsync(db, cancellation));
}

/// <param name="Version">The version of the closing; for a draft, the number of drafts so far.</param>
public sealed record ReportNumber(int Number, int Version, bool Draft)
{
    /// <summary>The newest audit entry when the report was made, for the file's properties (<see cref="PaperAnchor"/>); null before the first.</summary>
    public string? Anchor { get; init; }

    public string Title => $"Report {Number}, {(Draft ? "draft" : "version")} {Version}";

    public string Line => $"{Title}. Verify at /verify";
}
