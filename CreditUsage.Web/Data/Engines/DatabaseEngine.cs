using CreditUsage.Data.Sqlite;
using Quartz;

namespace CreditUsage.Data.Engines;

/// <summary>A further engine is a folder beside Data/Sqlite, and a case in each class of this file.</summary>
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

/// <summary>Classifies the exceptions of any engine, whether or not EF wrapped them.</summary>
public static class DatabaseFailure
{
    public static bool IsBusy(Exception problem) => SqliteFailure.IsBusy(problem);

    public static bool IsFull(Exception problem) => SqliteFailure.IsFull(problem);

    /// <summary>Busy, full, not migrated or unreadable. A row that breaks a constraint is a bug instead.</summary>
    public static bool IsUnavailable(Exception problem) => SqliteFailure.IsUnavailable(problem);
}
