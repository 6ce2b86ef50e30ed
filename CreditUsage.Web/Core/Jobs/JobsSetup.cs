using CreditUsage.Features.ReportJobs;
using CreditUsage.Features.Shared;
using Quartz;

namespace CreditUsage.Core.Jobs;

public static class JobsSetup
{
    public static readonly JobKey Job = new("make-reports");

    /// <summary>
    /// What is asked for wakes the job at once; this finds what a process left that was killed, here or beside us. Mostly it finds
    /// nothing, by one query.
    /// </summary>
    private const string EveryTenSeconds = "0/10 * * * * ?";

    /// <summary>Each night, when few are at work.</summary>
    private const string EachNight = "0 47 2 * * ?";

    private static readonly JobKey Forgetting = new("forget-reports");

    public static void AddReportJobs(this IServiceCollection services)
    {
        services.AddSingleton(new JobLimits());
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<TriggerJobs>();
        services.AddSingleton<RecoverAbandonedJobs>();
        services.AddSingleton<RunJobs>();
        services.AddScoped<JobQueue>();
        services.AddScoped<QueueReport>();
        services.AddScoped<ILongMonths, QueueClosing>();
        services.AddScoped<ClaimNextJob>();
        services.AddScoped<RunJob>();
        services.AddScoped<FinishJob>();
        services.AddScoped<CancelJob>();
        services.AddScoped<JobViewQuery>();
        services.AddScoped<PurgeOldJobs>();
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<ReportJobsJob>(job => job.WithIdentity(Job))
            .AddTrigger<ReportJobsJob>(trigger => trigger.ForJob(Job).WithIdentity(Job.Name).WithCronSchedule(EveryTenSeconds, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Job)
            .AddJob<PurgeOldJobsJob>(job => job.WithIdentity(Forgetting))
            .AddTrigger<PurgeOldJobsJob>(trigger => trigger.ForJob(Forgetting).WithIdentity(Forgetting.Name).WithCronSchedule(EachNight, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Forgetting));
    }
}
