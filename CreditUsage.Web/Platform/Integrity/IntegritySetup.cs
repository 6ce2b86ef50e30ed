using CreditUsage.Platform.Storage;

namespace CreditUsage.Platform.Integrity;

public static class IntegritySetup
{
    public static void AddIntegrity(this IServiceCollection services, CreditUsageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton<DataChecks>().AddSingleton<AuditAnchors>();
        services.AddSingleton<CheckDatabase>();
        services.AddHostedService(provider => provider.GetRequiredService<CheckDatabase>());
        if (options.Nodes > 1) services.AddHostedService<FollowChecks>();
    }
}
