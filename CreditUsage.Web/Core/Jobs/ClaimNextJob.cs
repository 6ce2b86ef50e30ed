using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

public sealed class ClaimNextJob(QueuedJobs queued, CreditUsageDb db, JobLimits limits, TimeProvider clock)
{
    /// <returns>Null where none waits or no place is free.</returns>
    public async Task<ReportJob?> RunAsync(int atOnce, CancellationToken cancellation)
    {
        // Without the lock first: the job engine looks every few seconds, and mostly nothing waits.
        if (!await queued.AnyAsync(cancellation)) return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await queued.RunningAsync(cancellation) >= atOnce) return null;
        if (await queued.InOrderAsync(cancellation) is not [var next, ..]) return null;
        var now = clock.GetUtcNow();
        var taken = db.ReportJobs.IgnoreQueryFilters().AsNoTracking().Where(job => job.Id == next);
        await taken.ExecuteUpdateAsync(set => set.SetProperty(job => job.State, ReportJobState.Running).SetProperty(job => job.StartedAt, now)
            .SetProperty(job => job.Attempts, job => job.Attempts + 1).SetProperty(job => job.LeasedUntil, now + limits.Lease), cancellation);
        var found = await taken.SingleAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return found;
    }
}
