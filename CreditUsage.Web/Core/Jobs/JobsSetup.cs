using CreditUsage.Features.ReportJobs;
using CreditUsage.Features.Shared;
using Quartz;

namespace CreditUsage.Core.Jobs;

public static class ReportJobsSetup
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
        services.AddSingleton(new ReportJobLimits());
        services.AddSingleton<RunningReports>();
        services.AddSingleton<WakeReports>();
        services.AddSingleton<GiveBackReports>();
        services.AddSingleton<MakeReports>();
        services.AddScoped<WaitingReports>();
        services.AddScoped<QueueReport>();
        services.AddScoped<ILongMonths, QueueClosing>();
        services.AddScoped<TakeReport>();
        services.AddScoped<MakeReport>();
        services.AddScoped<EndReport>();
        services.AddScoped<CancelReport>();
        services.AddScoped<ShowReportJob>();
        services.AddScoped<ForgetReports>();
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<MakeReportsJob>(job => job.WithIdentity(Job))
            .AddTrigger<MakeReportsJob>(trigger => trigger.ForJob(Job).WithIdentity(Job.Name).WithCronSchedule(EveryTenSeconds, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Job)
            .AddJob<ForgetReportsJob>(job => job.WithIdentity(Forgetting))
            .AddTrigger<ForgetReportsJob>(trigger => trigger.ForJob(Forgetting).WithIdentity(Forgetting.Name).WithCronSchedule(EachNight, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Forgetting));
    }
}
