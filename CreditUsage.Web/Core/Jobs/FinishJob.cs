using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Stores how a claimed job ended, unless another process has claimed it since.</summary>
public sealed class FinishJob(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    public Task SucceedAsync(ReportJob job, SavedReport saved) => SucceedAsync(job, saved, rows: job.ClosesFrom is null ? saved.Events : job.Rows);

    private Task SucceedAsync(ReportJob job, SavedReport saved, int rows) => Own(job).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Done)
        .SetProperty(row => row.SavedReportId, saved.Id).SetProperty(row => row.Rows, rows).SetProperty(row => row.RowsDone, rows)
        .SetProperty(row => row.EndedAt, clock.GetUtcNow()).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));

    /// <summary>Takes over a report whose lease has run out; false where its process has renewed the lease since it was read.</summary>
    public async Task<bool> ClaimAsync(ReportJob job, TimeSpan lease)
    {
        var now = clock.GetUtcNow();
        return await Own(job).Where(row => row.LeasedUntil == null || row.LeasedUntil < now).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeasedUntil, now + lease)) == 1;
    }

    /// <summary>Requeues one that failed by itself.</summary>
    public Task RetryAsync(ReportJob job) => EnqueueAsync(job, job.Failures + 1);

    /// <summary>Ends a job that was cancelled; requeues one that was stopped with the site or died with its process, which is no failure of its own.</summary>
    public async Task AbandonAsync(ReportJob job)
    {
        if (await CancelAsync(job) == 0) await EnqueueAsync(job, job.Failures);
    }

    public Task<int> CancelAsync(ReportJob job) => Own(job).Where(row => row.CancelRequestedAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Cancelled)
        .SetProperty(row => row.EndedAt, clock.GetUtcNow()).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));

    public async Task FailAsync(ReportJob job, string problem)
    {
        ArgumentNullException.ThrowIfNull(job);
        await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
        var failed = await Own(job).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Failed).SetProperty(row => row.Problem, problem)
            .SetProperty(row => row.EndedAt, clock.GetUtcNow()).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));
        // A deleted subscription has no audit to write to.
        if (failed == 1 && await db.Subscriptions.AnyAsync(subscription => subscription.Id == job.SubscriptionId))
            await audit.AddAsync(job.ActionForAudit(), job.Month.Name, $"Failed in the background: {job.AuditDetails()}: {problem}", CancellationToken.None);
        await transaction.CommitAsync();
    }

    private Task<int> EnqueueAsync(ReportJob job, int failures) => Own(job).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Queued)
        .SetProperty(row => row.Failures, failures).SetProperty(row => row.RowsDone, 0).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));

    private IQueryable<ReportJob> Own(ReportJob job) => db.ReportJobs.Where(row => row.Id == job.Id && row.State == ReportJobState.Running && row.Attempts == job.Attempts);
}

internal static class JobClosings
{
    /// <summary>
    /// The report of the closing that the same person has made since the request, by this job or another way; null where there is none.
    /// Of several months it is the last one's, whoever closed it: the months before it are closed then.
    /// </summary>
    public static Task<SavedReport?> ClosingOfAsync(this CreditUsageDb db, ReportJob job, CancellationToken cancellation) =>
        (from closing in db.MonthClosings
         where closing.Month == job.Month && (job.ClosesFrom != null ? closing.ReopenedAt == null : closing.ClosedBy == job.RequestedBy && closing.ClosedAt >= job.RequestedAt)
         join report in db.SavedReports on closing.SavedReportId equals report.Id
         orderby closing.Version descending
         select report).AsNoTracking().FirstOrDefaultAsync(cancellation);
}
