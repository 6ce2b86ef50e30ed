using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>What waits on the whole site: turns are shared out between subscriptions, so this looks at all of them.</summary>
public sealed class WaitingReports(CreditUsageDb db)
{
    private IQueryable<ReportJob> All => db.ReportJobs.AsNoTracking().IgnoreQueryFilters();

    public Task<bool> AnyAsync(CancellationToken cancellation) => All.AnyAsync(job => job.State == ReportJobState.Queued, cancellation);

    /// <summary>How many wait or are made.</summary>
    public Task<int> CountAsync(CancellationToken cancellation) =>
        All.CountAsync(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running, cancellation);

    /// <summary>How many of them are the current subscription's.</summary>
    public Task<int> OwnAsync(CancellationToken cancellation) =>
        db.ReportJobs.CountAsync(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running, cancellation);

    public Task<int> RunningAsync(CancellationToken cancellation) => All.CountAsync(job => job.State == ReportJobState.Running, cancellation);

    /// <summary>Those that wait, in the order of their turns.</summary>
    public async Task<IReadOnlyList<Guid>> InOrderAsync(CancellationToken cancellation)
    {
        var queued = await All.Where(job => job.State == ReportJobState.Queued).Select(job => new QueuedReport(job.Id, job.SubscriptionId, job.RequestedAt)).ToListAsync(cancellation);
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
