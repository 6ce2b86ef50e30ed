using CreditUsage.Data.Sqlite;
using Quartz;

namespace CreditUsage.Data.Engines;

/// <summary>A further engine is a folder beside Data/Sqlite, and a case here and in <see cref="DatabaseFailure"/>.</summary>
public enum DatabaseProvider
{
    Sqlite,
}

public static class DatabaseEngine
{
    public const string ConnectionName = "CreditUsage";

    /// <param name="connectionString">When null, a database in <paramref name="dataFolder"/>.</param>
    public static void AddDatabase(this IServiceCollection services, DatabaseProvider provider, string? connectionString, string dataFolder)
    {
        services.AddScoped<CurrentSubscription>();
        switch (provider)
        {
            case DatabaseProvider.Sqlite:
                services.AddSqlite(connectionString, dataFolder);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(provider));
        }
    }

    public static void UseDatabase(this IPersistentStoreBuilder store, DatabaseProvider provider, string dataFolder)
    {
        switch (provider)
        {
            case DatabaseProvider.Sqlite:
                store.UseSqliteFile(dataFolder);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(provider));
        }
    }
}
