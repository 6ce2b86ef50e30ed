using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Queued reports of the whole site, since turns are shared out between subscriptions.</summary>
public sealed class QueuedJobs(CreditUsageDb db)
{
    private IQueryable<ReportJob> All => db.ReportJobs.AsNoTracking().OfEverySubscription();

    public Task<bool> AnyAsync(CancellationToken cancellation) => All.AnyAsync(job => job.State == ReportJobState.Queued, cancellation);

    public Task<int> CountAsync(CancellationToken cancellation) =>
        All.CountAsync(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running, cancellation);

    public Task<int> OwnAsync(CancellationToken cancellation) =>
        db.ReportJobs.CountAsync(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running, cancellation);

    public Task<int> RunningAsync(CancellationToken cancellation) => All.CountAsync(job => job.State == ReportJobState.Running, cancellation);

    public async Task<IReadOnlyList<Guid>> InOrderAsync(CancellationToken cancellation)
    {
        var queued = await All.Where(job => job.State == ReportJobState.Queued).Select(job => new QueuedJob(job.Id, job.SubscriptionId, job.RequestedAt)).ToListAsync(cancellation);
        var running = await All.Where(job => job.State == ReportJobState.Running).OrderBy(job => job.StartedAt).Select(job => job.SubscriptionId).ToListAsync(cancellation);
        return [.. FairOrder.Of(queued, running, await ServedAsync([.. queued.Select(report => report.SubscriptionId).Distinct()], cancellation)).Select(report => report.Id)];
    }

    private async Task<Dictionary<int, DateTimeOffset>> ServedAsync(List<int> subscriptions, CancellationToken cancellation)
    {
        var served = await All.Where(job => job.StartedAt != null && subscriptions.Contains(job.SubscriptionId))
            .GroupBy(job => job.SubscriptionId).Select(own => new { own.Key, Last = own.Max(job => job.StartedAt) }).ToListAsync(cancellation);
        return served.ToDictionary(own => own.Key, own => own.Last!.Value);
    }
}

public sealed record QueuedJob(Guid Id, int SubscriptionId, DateTimeOffset RequestedAt);

/// <summary>The order of the queue: nobody waits behind everything that another subscription requested.</summary>
public static class FairOrder
{
    /// <summary>Fewest running reports first, then served longest ago, then oldest. Later places assume that running reports end in the order in which they began.</summary>
    /// <param name="running">The subscriptions of the running reports, the one begun first in front.</param>
    /// <param name="served">When a subscription was last served; absent where it never was.</param>
    public static IEnumerable<QueuedJob> Of(IEnumerable<QueuedJob> queued, IEnumerable<int> running, IReadOnlyDictionary<int, DateTimeOffset> served)
    {
        ArgumentNullException.ThrowIfNull(served);
        var waiting = queued.ToList();
        var busy = new Queue<int>(running);
        var places = Math.Max(1, busy.Count);
        var turns = served.OrderBy(turn => turn.Value).Select((turn, number) => (turn.Key, Number: number + 1)).ToDictionary(turn => turn.Key, turn => turn.Number);
        for (var turn = turns.Count + 1; waiting.Count > 0; turn++)
        {
            var next = waiting.OrderBy(report => busy.Count(subscription => subscription == report.SubscriptionId))
                .ThenBy(report => turns.GetValueOrDefault(report.SubscriptionId)).ThenBy(report => report.RequestedAt).ThenBy(report => report.Id).First();
            yield return next;
            waiting.Remove(next);
            busy.Enqueue(next.SubscriptionId);
            if (busy.Count > places) busy.Dequeue();
            turns[next.SubscriptionId] = turn;
        }
    }
}

public sealed class ClaimNextJob(QueuedJobs queued, CreditUsageDb db, JobLimits limits, TimeProvider clock)
{
    /// <returns>Null where none waits or no place is free.</returns>
    public async Task<ReportJob?> RunAsync(int atOnce, CancellationToken cancellation)
    {
        // Without the lock first: the job engine looks every few seconds, and mostly nothing waits.
        if (!await queued.AnyAsync(cancellation)) return null;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await queued.RunningAsync(cancellation) >= atOnce) return null;
        if (await queued.InOrderAsync(cancellation) is not [var next, ..]) return null;
        var now = clock.GetUtcNow();
        var taken = db.ReportJobs.OfEverySubscription().AsNoTracking().Where(job => job.Id == next);
        // Its clinic may have cancelled it meanwhile: this write is the site's, and a server locks each clinic's apart.
        var begun = await EverySubscription.WriteAsync(db, () => taken.Where(job => job.State == ReportJobState.Queued).ExecuteUpdateAsync(
            set => set.SetProperty(job => job.State, ReportJobState.Running).SetProperty(job => job.StartedAt, now)
                .SetProperty(job => job.Attempts, job => job.Attempts + 1).SetProperty(job => job.LeasedUntil, now + limits.Lease), cancellation));
        if (begun == 0) return null;
        var found = await taken.SingleAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return found;
    }
}
