using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using Quartz;

namespace CreditUsage.Platform.Jobs;

/// <summary>Jobs that do what the state of one row calls for; queued twice, the second finds nothing to do.</summary>
public static class OwnedJobs
{
    private const string Subscription = "subscription";
    private const string Row = "row";

    public static async Task QueueAsync<TJob>(this ISchedulerFactory schedulers, int subscriptionId, Guid row, TimeProvider clock, CancellationToken cancellation) where TJob : OwnedJob
    {
        ArgumentNullException.ThrowIfNull(schedulers);
        // A new identity each time: a row may be queued again while its first job still ends.
        var job = JobBuilder.Create<TJob>().WithIdentity(Guid.NewGuid().ToString("N"), typeof(TJob).Name).RequestRecovery()
            .UsingJobData(Subscription, subscriptionId.ToString(CultureInfo.InvariantCulture)).UsingJobData(Row, row.ToString()).Build();
        var scheduler = await schedulers.GetScheduler(cancellation);
        await scheduler.ScheduleJob(job, TriggerBuilder.Create(clock).StartNow().Build(), cancellationToken: cancellation);
    }

    internal static (int SubscriptionId, Guid Row) Read(IJobExecutionContext job)
    {
        var data = job.MergedJobDataMap;
        return (int.Parse((string)data[Subscription]!, CultureInfo.InvariantCulture), Guid.Parse((string)data[Row]!));
    }
}

public abstract class OwnedJob(CurrentSubscription current, IHostApplicationLifetime lifetime) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (subscription, row) = OwnedJobs.Read(context);
        current.Enter(subscription);
        // A site that stops does not wait for long work: the next start begins it again.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await RunAsync(row, stopping.Token);
    }

    protected abstract Task RunAsync(Guid row, CancellationToken cancellation);
}

/// <summary>At start, and when the job engine has lost what it knew, queues what is unfinished: its process may have been killed before the job was stored.</summary>
public abstract partial class ResumeAtStart(IServiceScopeFactory scopes, KeepJobsDatabase jobs, ILogger log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.MadeAnew += (_, _) => _ = Task.Run(() => TryAsync(CancellationToken.None), CancellationToken.None);
        return TryAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>No subscription has been entered: of every subscription.</summary>
    protected abstract Task QueueAsync(IServiceProvider services, CancellationToken cancellation);

    private async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await QueueAsync(scope.ServiceProvider, cancellation);
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
        {
            // A database that is not migrated or is locked must not keep the site from starting.
            LogFailure(problem, GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "What waits could not be looked up: {Part}")]
    private partial void LogFailure(Exception problem, string part);
}
