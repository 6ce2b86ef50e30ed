namespace CreditUsage.Features.Imports;

public static class ImportsSetup
{
    public static void AddImports(this IServiceCollection services)
    {
        services.AddSingleton(new ImportLimits());
        services.AddSingleton<ImportFiles>();
        services.AddSingleton<QueueImport>();
        services.AddHostedService<ResumeImports>();
        services.AddScoped<ImportReader>();
        services.AddScoped<ImportUsage>();
        services.AddScoped<ReceiveImport>();
        services.AddScoped<ContinueImport>();
        services.AddScoped<CheckImport>();
        services.AddScoped<StoreImport>();
        services.AddScoped<DecideImport>();
        services.AddScoped<ImportProgress>();
    }
}
