namespace CreditUsage.Features.Imports;

public static class ImportsSetup
{
    public static void AddImports(this IServiceCollection services)
    {
        services.AddSingleton(new ImportLimits());
        services.AddSingleton<ImportFiles>();
        services.AddScoped<ReadUsage>();
        services.AddScoped<ImportUsage>();
    }
}
