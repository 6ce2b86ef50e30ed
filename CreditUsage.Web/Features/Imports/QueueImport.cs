using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Imports;

/// <summary>
/// When the site starts: every import that a person waits for is queued. One whose process was killed between its row and its job would
/// wait for ever; one whose job is there as well finds its work done.
/// </summary>
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
            // A database that was not migrated, or that somebody else holds, must not keep the site from starting and saying so.
            LogFailure(problem);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task QueueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Of every subscription: nobody has entered one yet.
        var waiting = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking().IgnoreQueryFilters()
            .Where(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing).ToListAsync(cancellation);
        foreach (var import in waiting) await queue.RunAsync(import, cancellation);
    }

    [LoggerMessage(LogLevel.Error, "The imports that wait could not be looked up")]
    private partial void LogFailure(Exception problem);
}

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
