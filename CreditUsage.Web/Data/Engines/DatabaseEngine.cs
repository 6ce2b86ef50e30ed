using CreditUsage.Data.Sqlite;
using Quartz;

namespace CreditUsage.Data.Engines;

/// <summary>The engines to choose from. A further one is a folder beside Data/Sqlite, and a case here and in <see cref="DatabaseFailure"/>.</summary>
public enum DatabaseProvider
{
    Sqlite,
}

/// <summary>Registers what belongs to the chosen engine.</summary>
public static class DatabaseEngine
{
    /// <summary>The name of the connection string in the configuration.</summary>
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

    /// <summary>Where the job engine keeps its jobs.</summary>
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
