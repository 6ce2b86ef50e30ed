using Quartz;

namespace CreditUsage.Features.Alerts;

public static class AlertsSetup
{
    /// <summary>Every three minutes: whatever moved the figures (a night's charges, an import, a call of the API, a correction) is noticed soon.</summary>
    private const string EveryThreeMinutes = "30 1/3 * * * ?";

    private static readonly JobKey Job = new("watch-lines");

    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddScoped<AlertsQuery>();
        services.AddScoped<ChangeAlerts>();
        services.AddScoped<ReadFigures>();
        services.AddScoped<WatchLines>();
        services.AddScoped<SendAlerts>();
        services.AddSingleton<WatchEverySubscription>();
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<WatchLinesJob>(job => job.WithIdentity(Job))
            .AddTrigger<WatchLinesJob>(trigger => trigger.ForJob(Job).WithIdentity(Job.Name).WithCronSchedule(EveryThreeMinutes, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Job));
    }
}
