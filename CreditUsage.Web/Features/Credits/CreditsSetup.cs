namespace CreditUsage.Features.Credits;

public static class CreditsSetup
{
    public static void AddCredits(this IServiceCollection services)
    {
        services.AddScoped<PriceList>();
        services.AddScoped<SetCreditPrice>();
        services.AddScoped<RemoveCreditPrice>();
    }
}
