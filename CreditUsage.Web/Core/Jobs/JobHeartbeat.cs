using System.Diagnostics;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Jobs;

/// <summary>Reports progress and renews the lease, in scopes of its own since the report's context is busy; stops a report that is cancelled or claimed elsewhere.</summary>
internal sealed class JobHeartbeat : IProgress<int>, IAsyncDisposable
{
    private readonly ReportJob _job;
    private readonly RunningJob _run;
    private readonly IServiceScopeFactory _scopes;
    private readonly JobLimits _limits;
    private readonly TimeProvider _clock;

    // Uses the machine's own time: the lease must be renewed whatever the clock is set to.
    private readonly PeriodicTimer _timer;
    private readonly Task _heartbeat;
    private int _done;

    public JobHeartbeat(ReportJob job, RunningJob run, IServiceScopeFactory scopes, JobLimits limits, TimeProvider clock)
    {
        (_job, _run, _scopes, _limits, _clock) = (job, run, scopes, limits, clock);
        _timer = new PeriodicTimer(limits.ProgressInterval);
        _heartbeat = RunAsync();
    }

    public void Report(int value) => Volatile.Write(ref _done, value);

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _heartbeat;
    }

    private async Task RunAsync()
    {
        var (reported, at) = (0, Stopwatch.GetTimestamp());
        while (await _timer.WaitForNextTickAsync())
        {
            var done = Volatile.Read(ref _done);
            if (done == reported && Stopwatch.GetElapsedTime(at) < _limits.Heartbeat) continue;
            if (!await ReportProgressAsync(done)) continue;
            (reported, at) = (done, Stopwatch.GetTimestamp());
        }
    }

    private async Task<bool> ReportProgressAsync(int done)
    {
        try
        {
            await _scopes.InAsync(_job, services => ReportProgressAsync(services.GetRequiredService<CreditUsageDb>(), done));
            return true;
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
        {
            // Another writer holds the lock for long, or the disk is full: the lease allows for some missed beats.
            return false;
        }
    }

    private async Task ReportProgressAsync(CreditUsageDb db, int done)
    {
        var own = db.ReportJobs.Where(job => job.Id == _job.Id && job.State == ReportJobState.Running && job.Attempts == _job.Attempts);
        await own.ExecuteUpdateAsync(set => set.SetProperty(job => job.RowsDone, done).SetProperty(job => job.LeasedUntil, _clock.GetUtcNow() + _limits.Lease));
        if (!await own.AnyAsync(job => job.CancelRequestedAt == null)) _run.Cancel();
    }
}
