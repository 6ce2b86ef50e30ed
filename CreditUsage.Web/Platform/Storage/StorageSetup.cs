namespace CreditUsage.Platform.Storage;

public static class StorageSetup
{
    public static void AddStorage(this IServiceCollection services, CreditUsageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddScoped<FolderReportFiles>();
        if (options.FilesInDatabase) services.AddScoped<ReportFiles, DatabaseReportFiles>();
        else services.AddScoped<ReportFiles, FolderReportFiles>();
    }
}
