using Quartz;

namespace CreditUsage.Features.Schedules;

public static class SchedulesSetup
{
    /// <summary>
    /// Five past every hour: the run after midnight charges the day just gone, the others find nothing unless that one failed, found the
    /// database busy, or the clock was put right. A start makes good what was missed while the site was down.
    /// </summary>
    private const string AtFivePast = "0 5 * * * ?";

    private static readonly JobKey Job = new("charge-top-ups");

    public static void AddSchedules(this IServiceCollection services)
    {
        services.AddScoped<SchedulesQuery>();
        services.AddScoped<AddSchedule>();
        services.AddScoped<EndSchedule>();
        services.AddScoped<ReassignSchedule>();
        services.AddScoped<SetCharging>();
        services.AddScoped<ChargeTopUps>();
        services.AddSingleton<ChargeEverySubscription>();
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<ChargeTopUpsJob>(job => job.WithIdentity(Job))
            .AddTrigger<ChargeTopUpsJob>(trigger => trigger.ForJob(Job).WithIdentity(Job.Name).WithCronSchedule(AtFivePast, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Job));
    }
}
