using CreditUsage.Data;
using CreditUsage.Data.Sqlite;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform;

/// <summary>Which database, and what is done to it before a verb or the site uses it.</summary>
public static class DatabaseSetup
{
    public const string ConnectionName = "CreditUsage";

    private static readonly TimeSpan LongestMigration = TimeSpan.FromSeconds(60);

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
        PdfJobFolder.Sweep(options.DataFolder);
        if (!migrate) return;
        await using var scope = services.CreateAsyncScope();
        await MigrateAsync(scope.ServiceProvider.GetRequiredService<CreditUsageDb>(), cancellation);
    }

    /// <summary>A start that was killed while it migrated leaves its lock behind, which the next would wait for without end.</summary>
    private static async Task MigrateAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        if (!(await db.Database.GetPendingMigrationsAsync(cancellation)).Any()) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LongestMigration);
        try
        {
            await db.Database.MigrateAsync(patience.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new UserFacingException(
                $"The database could not be migrated within {LongestMigration.TotalSeconds:0} seconds: another start is migrating it, or one was killed while it did. "
                + "If no other is running, delete the row of the table __EFMigrationsLock and start again.", late);
        }
    }

    private static string ConnectionString(IServiceProvider services) =>
        services.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName)
        ?? $"Data Source={Path.Combine(services.GetRequiredService<IOptions<CreditUsageOptions>>().Value.DataFolder, "creditusage.db")}";
}
