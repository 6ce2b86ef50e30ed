using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Imports;

/// <summary>Checks or stores an import, whichever its state calls for; leaves alone one that waits for a person or is finished.</summary>
public sealed partial class ContinueImport(CreditUsageDb db, CurrentSubscription current, CheckImport check, StoreImport store, ReverseImport reverse, ImportProgress progress, ImportFiles files, QueueImport queue, ILogger<ContinueImport> log)
{
    public async Task RunAsync(Guid id, CancellationToken cancellation)
    {
        if (await db.UsageImports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id, cancellation) is not { } import) return;
        current.Actor = import.ReversedBy ?? import.StoredBy ?? import.UploadedBy;
        try
        {
            if (import.State == UsageImportState.Checking) await check.RunAsync(import, cancellation);
            if (import.State == UsageImportState.Storing && !await store.RunAsync(import, cancellation)) await queue.RunAsync(import, cancellation);
            if (import.State == UsageImportState.Reversing && !await reverse.RunAsync(import, done => progress.ReportAsync(import, done, cancellation), cancellation)) await queue.RunAsync(import, cancellation);
        }
        catch (ColumnsNeededException) when (import.State == UsageImportState.Checking)
        {
            db.ChangeTracker.Clear();
            await check.AskForColumnsAsync(import, cancellation);
        }
        catch (UserFacingException problem)
        {
            await RefuseAsync(import, problem.Message);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            LogFailure(problem, import.Id);
            await GiveBackAsync(import);
        }
    }

    private async Task RefuseAsync(UsageImport import, string problem)
    {
        db.ChangeTracker.Clear();
        await Waiting(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Refused).SetProperty(row => row.Problem, problem));
        await files.DiscardAsync(import.Id);
    }

    private async Task GiveBackAsync(UsageImport import)
    {
        const string again = "Something went wrong and nothing was imported.";
        db.ChangeTracker.Clear();
        if (import.State == UsageImportState.Reversing)
            await Waiting(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Stored)
                .SetProperty(row => row.Problem, $"Something went wrong and nothing was reversed. Reverse it again; if it fails again, give whoever runs the server this reference: {import.Id}."));
        else if (import.State == UsageImportState.Checking) await RefuseAsync(import, $"{again} Upload the file again; if it fails again, give whoever runs the server this reference: {import.Id}.");
        else
            await Waiting(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Checked)
                .SetProperty(row => row.Problem, $"{again} Choose Import again; if it fails again, give whoever runs the server this reference: {import.Id}."));
    }

    private IQueryable<UsageImport> Waiting(UsageImport import) => db.UsageImports.Where(row => row.Id == import.Id && row.State == import.State);

    [LoggerMessage(LogLevel.Error, "Import {Import} failed")]
    private partial void LogFailure(Exception problem, Guid import);
}

public sealed class ImportJob(CurrentSubscription current, ContinueImport continueImport, IHostApplicationLifetime lifetime) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (subscription, import) = QueueImport.Read(context);
        current.Enter(subscription);
        // A site that stops does not wait for a long file: the next start begins it again.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await continueImport.RunAsync(import, stopping.Token);
    }
}

/// <summary>At start, and when the job engine has lost what it knew, queues every unfinished import: its process may have been killed before the job was stored. A second job finds nothing to do.</summary>
public sealed partial class ResumeImports(IServiceScopeFactory scopes, QueueImport queue, KeepJobsDatabase jobs, TimeProvider clock, ILogger<ResumeImports> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.MadeAnew += (_, _) => _ = Task.Run(() => TryQueueAsync(CancellationToken.None), CancellationToken.None);
        return TryQueueAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task TryQueueAsync(CancellationToken cancellationToken)
    {
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

    private async Task QueueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        // Of every subscription: none has been entered yet.
        var waiting = await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking().OfEverySubscription()
            .Where(import => import.State == UsageImportState.Checking || import.State == UsageImportState.Storing || import.State == UsageImportState.Reversing).ToListAsync(cancellation);
        foreach (var import in waiting) await queue.RunAsync(import, cancellation);
        await scope.ServiceProvider.GetRequiredService<ImportFiles>().SweepAsync(clock.GetUtcNow(), cancellation);
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
