using Quartz;

namespace CreditUsage.Core.Jobs;

/// <summary>Has the job engine look at the queue at once. Were the process to end before, the engine's next look finds what waits.</summary>
public sealed class WakeReports(ISchedulerFactory schedulers, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.ScheduleJob(TriggerBuilder.Create(clock).ForJob(ReportJobsSetup.Job).StartNow().Build(), cancellationToken: cancellation);
    }
}
