using CreditUsage.Data;
using CreditUsage.Data.Engines;
using Quartz;

namespace CreditUsage.Platform.Jobs;

public interface IScheduledJob : IJob
{
    static abstract JobKey Key { get; }

    /// <summary>A cron expression of Quartz, in UTC.</summary>
    static abstract string Cron { get; }
}

public static class ScheduledJobs
{
    /// <summary>Runs the job at each start of the site and by its schedule.</summary>
    public static void AddScheduledJob<TJob>(this IServiceCollection services) where TJob : class, IScheduledJob =>
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<TJob>(job => job.WithIdentity(TJob.Key))
            .AddTrigger<TJob>(trigger => trigger.ForJob(TJob.Key).WithIdentity(TJob.Key.Name).WithCronSchedule(TJob.Cron, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(TJob.Key));

    /// <summary>Runs in a scope of its own, as a request does.</summary>
    public static async Task<T> InSubscriptionAsync<T>(this IServiceScopeFactory scopes, int subscription, Func<IServiceProvider, Task<T>> act, string? actor = null)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(act);
        await using var scope = scopes.CreateAsyncScope();
        var current = scope.ServiceProvider.GetRequiredService<CurrentSubscription>();
        current.Enter(subscription);
        if (actor is not null) current.Actor = actor;
        return await act(scope.ServiceProvider);
    }

    public static Task InSubscriptionAsync(this IServiceScopeFactory scopes, int subscription, Func<IServiceProvider, Task> act, string? actor = null)
    {
        ArgumentNullException.ThrowIfNull(act);
        return scopes.InSubscriptionAsync(
            subscription,
            async services =>
            {
                await act(services);
                return true;
            },
            actor);
    }
}

/// <summary>Quartz with its persistent store, so that a job survives the end of the process. The state that users see is a row of our database.</summary>
public static class JobEngineSetup
{
    public static void AddJobs(this IServiceCollection services, CreditUsageOptions options, string? connectionString)
    {
        // Before the engine, which does not start on a damaged file.
        services.AddSingleton<KeepJobsDatabase>().AddHostedService(provider => provider.GetRequiredService<KeepJobsDatabase>());
        services.AddQuartz(quartz => quartz.UsePersistentStore(store =>
        {
            store.ProvisionSchema();
            store.UseDatabase(options.Database.Provider, connectionString, options.DataFolder);
        }));
        services.AddQuartzHostedService(server => server.WaitForJobsToComplete = true);
    }
}
