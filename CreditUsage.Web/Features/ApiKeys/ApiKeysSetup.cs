namespace CreditUsage.Features.ApiKeys;

public static class ApiKeysSetup
{
    public static void AddApiKeys(this IServiceCollection services)
    {
        services.AddScoped<CreateApiKey>();
        services.AddScoped<RevokeApiKey>();
    }
}
