using CreditUsage.Core.Closing;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Generates one claimed report and stores in its job how it ended, whatever happens.</summary>
public sealed partial class RunJob(
    ReportQuery query, SaveReport saveReport, CloseMonth closeMonth, CloseSeveralMonths closeSeveral, CreditUsageDb db, RunningJobs running, IServiceScopeFactory scopes, JobLimits limits, TimeProvider clock, ILogger<RunJob> log)
{
    public async Task RunAsync(ReportJob job, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(job);
        using var run = running.Begin(job.Id, stopping);
        try
        {
            var saved = await SaveAsync(job, run);
            await EndAsync(job, end => end.SucceedAsync(job, saved));
        }
        // Any exception: an interrupted query has its own type.
        catch (Exception) when (run.Token.IsCancellationRequested)
        {
            await EndAsync(job, end => end.AbandonAsync(job));
        }
        catch (PdfBusyException)
        {
            // Users who wait in front of a page come first; this report is retried later.
            await Task.Delay(limits.Heartbeat, CancellationToken.None);
            await EndAsync(job, end => end.AbandonAsync(job));
        }
        catch (UserFacingException problem) when (!WasCutShort(problem) || IsLast(job))
        {
            await EndAsync(job, end => end.FailAsync(job, problem.Message));
        }
        catch (Exception problem)
        {
            LogFailure(problem, job.Id, job.Attempts);
            await EndAsync(job, end => IsLast(job) ? end.FailAsync(job, Unexpected(job)) : end.RetryAsync(job));
        }
    }

    private async Task<SavedReport> SaveAsync(ReportJob job, RunningJob run)
    {
        await using var heartbeat = new JobHeartbeat(job, run, scopes, limits, clock);
        if (job.Closes) return await CloseAsync(job, heartbeat, run.Token);
        var asked = job.ReadRequest(await query.MonthsAsync(run.Token), out var faults) ?? throw new UserFacingException(faults[0].Message);
        return await saveReport.RunAsync(asked, job.RequestedBy, heartbeat, run.Token);
    }

    private async Task<SavedReport> CloseAsync(ReportJob job, IProgress<int> rowsDone, CancellationToken cancellation)
    {
        // Closed at an earlier attempt, or by the same person another way, while this waited.
        if (await db.ClosingOfAsync(job, cancellation) is { } before) return before;
        if (job.ClosesFrom is { } first) return await closeSeveral.RunAsync(first, job.Month, job.Note, rowsDone, cancellation);
        var closing = await closeMonth.RunAsync(job.Month, job.Note, cancellation, rowsDone);
        // The month is closed, so a cancellation comes too late.
        return await db.SavedReports.AsNoTracking().SingleAsync(report => report.Id == closing.SavedReportId, CancellationToken.None);
    }

    /// <summary>Uses a scope of its own: the report's may be in the middle of something.</summary>
    private async Task EndAsync(ReportJob job, Func<FinishJob, Task> end)
    {
        try
        {
            await scopes.InAsync(job, services => end(services.GetRequiredService<FinishJob>()));
        }
        catch (Exception problem)
        {
            // Its lease runs out, and recovery deals with it.
            LogFailure(problem, job.Id, job.Attempts);
        }
    }

    private bool IsLast(ReportJob job) => job.Failures + 1 >= limits.MaxFailures;

    /// <summary>A timeout or a killed process: another attempt may succeed.</summary>
    private static bool WasCutShort(UserFacingException problem) => problem.InnerException is OperationCanceledException;

    private static string Unexpected(ReportJob job) =>
        $"Something went wrong and nothing was saved. Try again; if it fails again, give whoever runs the server this reference: {job.Id}.";

    [LoggerMessage(LogLevel.Error, "Report job {Job} failed at attempt {Attempt}")]
    private partial void LogFailure(Exception problem, Guid job, int attempt);
}
