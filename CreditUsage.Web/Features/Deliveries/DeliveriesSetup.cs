using Quartz;

namespace CreditUsage.Features.Deliveries;

public static class DeliveriesSetup
{
    /// <summary>Odd minutes: what is due at an hour goes out after the night's charges, which begin at five past, as far as they are charged by then.</summary>
    private const string EveryTwoMinutes = "0 1/2 * * * ?";

    private static readonly JobKey Job = new("deliver-months");

    public static void AddDeliveries(this IServiceCollection services)
    {
        services.AddScoped<DeliveriesQuery>();
        services.AddScoped<SetTerms>();
        services.AddScoped<ChangeRecipients>();
        services.AddScoped<SendTest>();
        services.AddScoped<TryAgain>();
        services.AddScoped<DueMonths>();
        services.AddScoped<MakeLetter>();
        services.AddScoped<SendDelivery>();
        services.AddScoped<DeliverMonths>();
        services.AddSingleton<DeliverEverySubscription>();
        services.ConfigureAllQuartzSchedulers(quartz => quartz.AddJob<DeliverMonthsJob>(job => job.WithIdentity(Job))
            .AddTrigger<DeliverMonthsJob>(trigger => trigger.ForJob(Job).WithIdentity(Job.Name).WithCronSchedule(EveryTwoMinutes, cron => cron.InTimeZone(TimeZoneInfo.Utc)))
            .RunAtStartup(Job));
    }
}
