namespace CreditUsage.Features.UsageEvents;

public static class UsageEventsSetup
{
    public static void AddUsageEvents(this IServiceCollection services)
    {
        services.AddMemoryCache();
        services.AddSingleton<StoredNames>();
        services.AddSingleton<WritingTurns>();
        services.AddScoped<StoreUsage>();
        services.AddScoped<ReadUsage>();
    }
}
