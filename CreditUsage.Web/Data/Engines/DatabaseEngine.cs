using CreditUsage.Data.PostgreSql;
using CreditUsage.Data.Sqlite;
using Quartz;

namespace CreditUsage.Data.Engines;

/// <summary>A further engine is a folder beside Data/Sqlite, and a case in each class of this file.</summary>
public enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
}

public static class DatabaseEngine
{
    public const string ConnectionName = "CreditUsage";

    /// <summary>The connection of the role that owns the tables, on an engine with roles. Without it the site's own role migrates.</summary>
    public const string MigrationsConnectionName = "CreditUsageMigrations";

    /// <summary>Whether sites on several machines can use one database.</summary>
    public static bool IsShared(DatabaseProvider provider) => provider == DatabaseProvider.PostgreSql;

    /// <summary>The engine of a database that a connection string names, or the folder that holds it.</summary>
    public static DatabaseProvider ProviderOf(string connectionOrFolder)
    {
        ArgumentNullException.ThrowIfNull(connectionOrFolder);
        return connectionOrFolder.Contains('=', StringComparison.Ordinal) ? DatabaseProvider.PostgreSql : DatabaseProvider.Sqlite;
    }

    /// <summary>What is wrong with a connection string, in a sentence; null where nothing is.</summary>
    public static string? ProblemOf(DatabaseProvider provider, string? connectionString) => provider switch
    {
        DatabaseProvider.Sqlite => SqliteEngine.ProblemOf(connectionString),
        DatabaseProvider.PostgreSql => PostgreSqlEngine.ProblemOf(connectionString),
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    /// <param name="connectionString">When null or empty, a database in <paramref name="dataFolder"/>, where the engine has its databases in folders.</param>
    /// <param name="migrationsConnection">See <see cref="MigrationsConnectionName"/>.</param>
    public static void AddDatabase(this IServiceCollection services, DatabaseProvider provider, string? connectionString, string? migrationsConnection, string dataFolder)
    {
        services.AddScoped<CurrentSubscription>();
        switch (provider)
        {
            case DatabaseProvider.Sqlite:
                services.AddSqlite(connectionString, dataFolder);
                break;
            case DatabaseProvider.PostgreSql:
                services.AddPostgreSql(connectionString!, migrationsConnection);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(provider));
        }
    }

    /// <summary>A connection to the database in a folder that nobody writes, such as a backup; nothing is left beside it. Only for an engine that copies into a folder.</summary>
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

    public static void UseDatabase(this IPersistentStoreBuilder store, DatabaseProvider provider, string? connectionString, string dataFolder)
    {
        switch (provider)
        {
            case DatabaseProvider.Sqlite:
                store.UseSqliteFile(dataFolder);
                break;
            case DatabaseProvider.PostgreSql:
                store.UsePostgreSql(connectionString!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(provider));
        }
    }
}

/// <summary>Classifies the exceptions of any engine, whether or not EF wrapped them.</summary>
public static class DatabaseFailure
{
    public static bool IsBusy(Exception problem) => SqliteFailure.IsBusy(problem) || PostgreSqlFailure.IsBusy(problem);

    public static bool IsFull(Exception problem) => SqliteFailure.IsFull(problem) || PostgreSqlFailure.IsFull(problem);

    /// <summary>The file is not a database any more, or not a whole one: only a backup helps.</summary>
    public static bool IsDamaged(Exception problem) => SqliteFailure.IsDamaged(problem) || PostgreSqlFailure.IsDamaged(problem);

    /// <summary>Its server has stopped or cannot be reached: what was not committed was not done.</summary>
    public static bool IsUnreachable(Exception problem) => PostgreSqlFailure.IsUnreachable(problem);

    /// <summary>Busy, full, not migrated or unreadable. A row that breaks a constraint is a bug instead.</summary>
    public static bool IsUnavailable(Exception problem) => SqliteFailure.IsUnavailable(problem) || PostgreSqlFailure.IsUnavailable(problem);

    /// <summary>What whoever runs the site does about a database that is unavailable, in a sentence.</summary>
    public static string AdviceOn(Exception problem) => PostgreSqlFailure.IsOf(problem)
        ? "Check that its server runs and can be reached, and what ConnectionStrings__CreditUsage says."
        : "Check that its file and folder can be read and written by the site's account.";
}
