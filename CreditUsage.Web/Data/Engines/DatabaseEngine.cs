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

    /// <summary>What is wrong with a connection string, in a sentence; null where nothing is.</summary>
    public static string? ProblemOf(DatabaseProvider provider, string? connectionString) => provider switch
    {
        DatabaseProvider.Sqlite => SqliteEngine.ProblemOf(connectionString),
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    /// <param name="connectionString">When null or empty, a database in <paramref name="dataFolder"/>.</param>
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

    /// <summary>A connection to the database in a folder that nobody writes, such as a backup; nothing is left beside it.</summary>
    public static string ReadOnlyConnection(DatabaseProvider provider, string folder) => provider switch
    {
        DatabaseProvider.Sqlite => SqliteEngine.ReadOnlyConnection(folder),
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    /// <summary>Outside of any subscription.</summary>
    public static CreditUsageDb OpenReadOnly(DatabaseProvider provider, string folder) => provider switch
    {
        DatabaseProvider.Sqlite => SqliteEngine.OpenReadOnly(folder),
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

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

    /// <summary>The file is not a database any more, or not a whole one: only a backup helps.</summary>
    public static bool IsDamaged(Exception problem) => SqliteFailure.IsDamaged(problem);

    /// <summary>Busy, full, not migrated or unreadable. A row that breaks a constraint is a bug instead.</summary>
    public static bool IsUnavailable(Exception problem) => SqliteFailure.IsUnavailable(problem);
}
