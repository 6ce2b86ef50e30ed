namespace CreditUsage.Features.Corrections;

public static class CorrectionsSetup
{
    public static void AddCorrections(this IServiceCollection services) => services.AddScoped<CorrectUsage>();
}
