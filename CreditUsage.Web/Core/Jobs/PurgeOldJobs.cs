using CreditUsage.Data;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Core.Jobs;

/// <summary>Deletes jobs of every subscription that ended long ago. Their requests and results are in the audit.</summary>
public sealed class PurgeOldJobs(CreditUsageDb db, TimeProvider clock)
{
    public static readonly TimeSpan Listed = TimeSpan.FromDays(90);

    public Task<int> RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Listed;
        return EverySubscription.WriteAsync(db, () => db.ReportJobs.OfEverySubscription().Where(job => job.EndedAt < before).ExecuteDeleteAsync(cancellation));
    }
}

[DisallowConcurrentExecution]
public sealed class PurgeOldJobsJob(PurgeOldJobs purge) : IScheduledJob
{
    public static JobKey Key { get; } = new("forget-reports");

    public static string Cron => "0 47 2 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await purge.RunAsync(cancellationToken);
}
