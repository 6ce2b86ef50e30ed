using CreditUsage.Data;
using Quartz;

namespace CreditUsage.Platform.Jobs;

/// <summary>A job of the site that runs by a schedule. The class says what it is called and when it runs.</summary>
public interface IScheduledJob : IJob
{
    /// <summary>Unique; the job engine keeps it.</summary>
    static abstract JobKey Key { get; }

    /// <summary>A cron expression of Quartz, in UTC.</summary>
    static abstract string Cron { get; }
}

/// <summary>How jobs are entered, and the scopes that they act in.</summary>
public static class ScheduledJobs
{
    /// <summary>Runs the job at each start of the site and by its schedule.</summary>
    public static void AddScheduledJob<TJob>(this IServiceCollection services) where TJob : class, IScheduledJob =>
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<TJob>(job => job.WithIdentity(TJob.Key))
            .AddTrigger<TJob>(trigger => trigger.ForJob(TJob.Key).WithIdentity(TJob.Key.Name).WithCronSchedule(TJob.Cron, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(TJob.Key));

    /// <summary>Acts for one subscription in a scope of its own, as a request would.</summary>
    /// <param name="actor">Who acts, for the audit; the site itself when null.</param>
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

    /// <inheritdoc cref="InSubscriptionAsync{T}"/>
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
