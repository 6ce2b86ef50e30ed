using CreditUsage.Data;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform;

/// <summary>Which database, and what is done to it before a verb or the site uses it.</summary>
public static class DatabaseSetup
{
    public const string ConnectionName = "CreditUsage";

    public static void AddDatabase(this IServiceCollection services)
    {
        services.AddScoped<CurrentSubscription>();
        services.AddSingleton<SqliteConnectionSettings>();
        services.AddDbContext<CreditUsageDb, SqliteCreditUsageDb>((provider, database) => database
            .UseSqlite(ConnectionString(provider), sqlite => sqlite.CommandTimeout(5))
            .AddInterceptors(provider.GetRequiredService<SqliteConnectionSettings>()));
    }

    /// <summary>The data folder, what a killed process left in it, and pending migrations unless the settings leave them to the migrate verb.</summary>
    /// <exception cref="UserFacingException">The folder cannot be used.</exception>
    public static async Task PrepareAsync(IServiceProvider services, bool migrate, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.GetRequiredService<IOptions<CreditUsageOptions>>().Value;
        PrivateFolder.Create(options.DataFolder);
        PdfJobFolder.Sweep(options.DataFolder, services.GetRequiredService<TimeProvider>());
        if (!migrate) return;
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().Database.MigrateAsync(cancellation);
    }

    private static string ConnectionString(IServiceProvider services) =>
        services.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName)
        ?? $"Data Source={Path.Combine(services.GetRequiredService<IOptions<CreditUsageOptions>>().Value.DataFolder, "creditusage.db")}";
}
