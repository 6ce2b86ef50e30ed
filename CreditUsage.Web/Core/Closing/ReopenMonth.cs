using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Closing;

/// <summary>Reopens the latest closed month: its late usage moves back into it, the next closing is a new version, and the files of the earlier version stay.</summary>
public sealed class ReopenMonth(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <exception cref="UserFacingException">There is no reason, the month is not closed, or a later one is; nothing has changed.</exception>
    public async Task RunAsync(UsageMonth month, string? reason, CancellationToken cancellation)
    {
        if (reason is null) throw new UserFacingException("Enter a reason.");
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var closed = await db.ClosedMonthsAsync(cancellation);
        if (!closed.IsClosed(month)) throw new UserFacingException($"{month.Name} is not closed.");
        if (closed.Latest is { } latest && latest != month) throw new UserFacingException($"Reopen {latest.Name} first.");

        var version = await MonthVersions.LatestAsync(db, month, cancellation);
        var now = clock.GetUtcNow();
        await db.MonthClosings.Where(closing => closing.Month == month && closing.Version == version).ExecuteUpdateAsync(
            set => set.SetProperty(closing => closing.ReopenedAt, now).SetProperty(closing => closing.ReopenedBy, current.Actor).SetProperty(closing => closing.ReopenReason, reason), cancellation);
        var moved = await MoveBackAsync(month, cancellation);
        await PublishWebhook.AddAsync(db, WebhookEvents.MonthReopened, now, json =>
        {
            json.WriteString("month", month.ToString());
            json.WriteNumber("version", version);
        }, cancellation);
        await audit.AddAsync(AuditAction.Reopen, month.Name, $"v{version}: {reason}; {moved} late rows moved back into it", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task<int> MoveBackAsync(UsageMonth month, CancellationToken cancellation) =>
        await db.UsageEvents.Where(usage => usage.ReportMonth > month && usage.ServiceDate >= month.Start && usage.ServiceDate < month.End)
            .ExecuteUpdateAsync(set => set.SetProperty(usage => usage.ReportMonth, month), cancellation)
        + await db.LedgerEntries.Where(entry => entry.ReportMonth > month && entry.ServiceDate >= month.Start && entry.ServiceDate < month.End)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.ReportMonth, month), cancellation);
}
