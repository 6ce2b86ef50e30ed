using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;
using CreditUsage.Platform.Jobs;
using Quartz;

namespace CreditUsage.Core.Jobs;

/// <summary>Removes the rows of jobs that ended long ago, of every subscription. What they were asked for and came to stands in the audit.</summary>
public sealed class PurgeOldJobs(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>How long the list shows what has ended.</summary>
    public static readonly TimeSpan Listed = TimeSpan.FromDays(90);

    /// <returns>How many were removed.</returns>
    public Task<int> RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Listed;
        return db.ReportJobs.IgnoreQueryFilters().Where(job => job.EndedAt < before).ExecuteDeleteAsync(cancellation);
    }
}

/// <summary>Does so each night.</summary>
[DisallowConcurrentExecution]
public sealed class PurgeOldJobsJob(PurgeOldJobs purge) : IScheduledJob
{
    public static JobKey Key { get; } = new("forget-reports");

    /// <summary>Each night, when few are at work.</summary>
    public static string Cron => "0 47 2 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await purge.RunAsync(cancellationToken);
}
