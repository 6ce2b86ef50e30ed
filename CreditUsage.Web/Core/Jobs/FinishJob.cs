using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Says in a job that was taken how it ended, unless it is no longer whose turn it was.</summary>
public sealed class FinishJob(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    public Task SucceedAsync(ReportJob job, SavedReport saved) => Own(job).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Done)
        .SetProperty(row => row.SavedReportId, saved.Id).SetProperty(row => row.Rows, saved.Events).SetProperty(row => row.RowsDone, saved.Events)
        .SetProperty(row => row.EndedAt, clock.GetUtcNow()).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));

    /// <summary>Takes over a report whose lease is over; false where whoever makes it has renewed that since it was read.</summary>
    public async Task<bool> ClaimAsync(ReportJob job, TimeSpan lease)
    {
        var now = clock.GetUtcNow();
        return await Own(job).Where(row => row.LeasedUntil == null || row.LeasedUntil < now).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeasedUntil, now + lease)) == 1;
    }

    /// <summary>Back into the queue.</summary>
    public Task RequeueAsync(ReportJob job) => EnqueueAsync(job, job.Attempts);

    /// <summary>Cancelled by somebody; or the site stops, which does not count as an attempt.</summary>
    public async Task AbandonAsync(ReportJob job)
    {
        if (await CancelAsync(job) == 0) await EnqueueAsync(job, job.Attempts - 1);
    }

    /// <returns>0 where nobody asked for that.</returns>
    public Task<int> CancelAsync(ReportJob job) => Own(job).Where(row => row.CancelRequestedAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Cancelled)
        .SetProperty(row => row.EndedAt, clock.GetUtcNow()).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));

    /// <param name="job">As it was taken.</param>
    /// <param name="problem">In words for the user.</param>
    public async Task FailAsync(ReportJob job, string problem)
    {
        ArgumentNullException.ThrowIfNull(job);
        await using var transaction = await db.Database.BeginTransactionAsync();
        var failed = await Own(job).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Failed).SetProperty(row => row.Problem, problem)
            .SetProperty(row => row.EndedAt, clock.GetUtcNow()).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));
        // A subscription that is gone has no audit to be written into.
        if (failed == 1 && await db.Subscriptions.AnyAsync(subscription => subscription.Id == job.SubscriptionId))
            await audit.AddAsync(job.ActionForAudit(), job.Month.Name, $"Failed in the background: {job.AuditDetails()}: {problem}", CancellationToken.None);
        await transaction.CommitAsync();
    }

    private Task<int> EnqueueAsync(ReportJob job, int attempts) => Own(job).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ReportJobState.Queued)
        .SetProperty(row => row.Attempts, attempts).SetProperty(row => row.RowsDone, 0).SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null));

    private IQueryable<ReportJob> Own(ReportJob job) => db.ReportJobs.Where(row => row.Id == job.Id && row.State == ReportJobState.Running && row.Attempts == job.Attempts);
}

/// <summary>What a job that closes a month has come to.</summary>
internal static class JobClosings
{
    /// <summary>The report of the closing that whoever asked has made since, by this job or another way; null while there is none.</summary>
    public static Task<SavedReport?> ClosingOfAsync(this CreditUsageDb db, ReportJob job, CancellationToken cancellation) =>
        (from closing in db.MonthClosings
         where closing.Month == job.Month && closing.ClosedBy == job.RequestedBy && closing.ClosedAt >= job.RequestedAt
         join report in db.SavedReports on closing.SavedReportId equals report.Id
         orderby closing.Version descending
         select report).AsNoTracking().FirstOrDefaultAsync(cancellation);
}
