using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Recovers reports whose process was killed, once their lease has run out: a saved one is done, a cancelled one is cancelled, any other runs again.</summary>
public sealed partial class RecoverAbandonedJobs(IServiceScopeFactory scopes, RunningJobs running, JobLimits limits, TimeProvider clock, ILogger<RecoverAbandonedJobs> log)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        // This process's own reports are alive, however long the database has blocked their heartbeat.
        foreach (var job in (await OverdueAsync(cancellation)).Where(job => !running.Has(job.Id)))
        {
            try
            {
                await scopes.InAsync(job, services => RecoverAsync(services, job, cancellation));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // A job that cannot be recovered must not block the others.
                LogFailure(problem, job.Id);
            }
        }
    }

    private async Task<List<ReportJob>> OverdueAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().ReportJobs.AsNoTracking().OfEverySubscription()
            .Where(job => job.State == ReportJobState.Running && (job.LeasedUntil == null || job.LeasedUntil < now)).ToListAsync(cancellation);
    }

    private async Task RecoverAsync(IServiceProvider services, ReportJob job, CancellationToken cancellation)
    {
        var end = services.GetRequiredService<FinishJob>();
        if (!await end.ClaimAsync(job, limits.Lease)) return;
        if (await SavedAsync(services, job, cancellation) is { } saved) await end.SucceedAsync(job, saved);
        else await end.AbandonAsync(job);
    }

    private static async Task<SavedReport?> SavedAsync(IServiceProvider services, ReportJob job, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        if (!await db.Subscriptions.AnyAsync(subscription => subscription.Id == job.SubscriptionId, cancellation)) return null;
        if (job.Closes) return await db.ClosingOfAsync(job, cancellation);
        if (job.ReadRequest(await services.GetRequiredService<ReportQuery>().MonthsAsync(cancellation), out _) is not { Filter: var filter } asked) return null;
        return await db.SavedReports.AsNoTracking()
            .Where(report => report.MonthStart == filter.Month.Start && report.Sessions == filter.Sessions && report.TopUps == filter.TopUps && report.Variant == asked.Variant && report.Form == job.Form)
            .Where(report => report.SavedBy == job.RequestedBy && report.SavedAt >= job.StartedAt && report.RemovedAt == null)
            .OrderByDescending(report => report.Number).FirstOrDefaultAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Error, "Report job {Job} could not be given back")]
    private partial void LogFailure(Exception problem, Guid job);
}
