using CreditUsage.Domain;
using CreditUsage.Domain.Usage;
using Quartz;

namespace CreditUsage.Features.Imports;

/// <summary>Hands an import to the job engine. The job does what the import's state asks for; asked for twice it finds nothing left to do.</summary>
public sealed class QueueImport(ISchedulerFactory schedulers, TimeProvider clock)
{
    private const string Subscription = "subscription";
    private const string Import = "import";

    public async Task RunAsync(UsageImport import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        // Its own identity each time: the same import is queued to be checked and, perhaps while that job still ends, to be stored.
        var job = JobBuilder.Create<ImportJob>().WithIdentity(Guid.NewGuid().ToString("N"), Import).RequestRecovery()
            .UsingJobData(Subscription, import.SubscriptionId.ToString(System.Globalization.CultureInfo.InvariantCulture)).UsingJobData(Import, import.Id.ToString()).Build();
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.ScheduleJob(job, TriggerBuilder.Create(clock).StartNow().Build(), cancellationToken: cancellation);
    }

    /// <summary>What <see cref="RunAsync"/> put into a job.</summary>
    public static (int SubscriptionId, Guid ImportId) Read(IJobExecutionContext job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var data = job.MergedJobDataMap;
        return (int.Parse((string)data[Subscription]!, System.Globalization.CultureInfo.InvariantCulture), Guid.Parse((string)data[Import]!));
    }
}
