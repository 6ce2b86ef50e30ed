using CreditUsage.Data.Auditing;

namespace CreditUsage.Platform.Auditing;

public static class AuditingSetup
{
    public static void AddAuditing(this IServiceCollection services)
    {
        services.AddScoped<AuditLog>();
        services.AddScoped<AuditReads>();
        services.AddSingleton<AuditBacklog>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditBacklog>());
    }
}
