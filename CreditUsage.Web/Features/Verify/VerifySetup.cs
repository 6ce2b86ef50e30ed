namespace CreditUsage.Features.Verify;

public static class VerifySetup
{
    public static void AddVerify(this IServiceCollection services) => services.AddScoped<VerifyFile>();
}
