using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Imports;

/// <summary>At start, queues every unfinished import: its process may have been killed before the job was stored. A second job finds nothing to do.</summary>
public sealed partial class ResumeImports(IServiceScopeFactory scopes, QueueImport queue, ImportFiles files, ILogger<ResumeImports> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        files.Sweep();
        try
        {
            await QueueAsync(cancellationToken);
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
        {
            // A database that is not migrated or is locked must not keep the site from starting.
            LogFailure(problem);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task QueueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Of every subscription: none has been entered yet.
        var waiting = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking().IgnoreQueryFilters()
            .Where(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing).ToListAsync(cancellation);
        foreach (var import in waiting) await queue.RunAsync(import, cancellation);
    }

    [LoggerMessage(LogLevel.Error, "The imports that wait could not be looked up")]
    private partial void LogFailure(Exception problem);
}

/// <summary>Hands an import to the job engine. The job does what the import's state calls for; queued twice, the second finds nothing to do.</summary>
public sealed class QueueImport(ISchedulerFactory schedulers, TimeProvider clock)
{
    private const string Subscription = "subscription";
    private const string Import = "import";

    public async Task RunAsync(UsageImport import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        // A new identity each time: an import may be queued for storing while its checking job still ends.
        var job = JobBuilder.Create<ImportJob>().WithIdentity(Guid.NewGuid().ToString("N"), Import).RequestRecovery()
            .UsingJobData(Subscription, import.SubscriptionId.ToString(System.Globalization.CultureInfo.InvariantCulture)).UsingJobData(Import, import.Id.ToString()).Build();
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.ScheduleJob(job, TriggerBuilder.Create(clock).StartNow().Build(), cancellationToken: cancellation);
    }

    public static (int SubscriptionId, Guid ImportId) Read(IJobExecutionContext job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var data = job.MergedJobDataMap;
        return (int.Parse((string)data[Subscription]!, System.Globalization.CultureInfo.InvariantCulture), Guid.Parse((string)data[Import]!));
    }
}
