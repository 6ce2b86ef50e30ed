using Quartz;

namespace CreditUsage.Features.SavedReports;

public static class SavedReportsSetup
{
    /// <summary>Each night, when few are at work.</summary>
    private const string EachNight = "0 41 2 * * ?";

    private static readonly JobKey Job = new("remove-old-reports");

    public static void AddSavedReports(this IServiceCollection services)
    {
        services.AddScoped<RemoveOldReports>();
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<RemoveOldReportsJob>(job => job.WithIdentity(Job))
            .AddTrigger<RemoveOldReportsJob>(trigger => trigger.ForJob(Job).WithIdentity(Job.Name).WithCronSchedule(EachNight, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Job));
    }
}
