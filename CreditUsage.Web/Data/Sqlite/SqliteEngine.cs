using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Quartz;
using SQLitePCL;

namespace CreditUsage.Data.Sqlite;

internal static class SqliteEngine
{
    internal const string DatabaseFile = "creditusage.db";

    /// <summary>A separate file, because the job engine serialises all its work on SQLite.</summary>
    private const string JobsFile = "jobs.db";

    private const int CommandTimeoutSeconds = 5;

    private static readonly SqliteConnectionSettings ConnectionSettings = new();

    public static string? ProblemOf(string? connectionString)
    {
        try
        {
            return string.IsNullOrEmpty(connectionString) || new SqliteConnectionStringBuilder(connectionString).DataSource.Length > 0 ? null : "It names no Data Source. Leave it out to have the database in the data folder.";
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException)
        {
            return $"{problem.Message.Split('\n')[0]} Leave it out to have the database in the data folder.";
        }
    }

    public static void AddSqlite(this IServiceCollection services, string? connectionString, string dataFolder)
    {
        var connection = connectionString is { Length: > 0 } ? connectionString : DataSource(dataFolder, DatabaseFile);
        services.AddSingleton(new SqliteChanges(connection)).AddSingleton<JobsDatabase>(new SqliteJobsDatabase(dataFolder, JobsFile)).AddSingleton<ImportTurns>(new SqliteImportTurns(dataFolder));
        services.AddDbContext<CreditUsageDb, SqliteCreditUsageDb>(database => database
            .UseSqlite(connection, sqlite => sqlite.CommandTimeout(CommandTimeoutSeconds))
            .AddInterceptors(ConnectionSettings));
    }

    public static string ReadOnlyConnection(string folder) => SqliteCopy.ReadOnly(Path.Combine(folder, DatabaseFile));

    public static CreditUsageDb OpenReadOnly(string folder) =>
        new SqliteCreditUsageDb(new DbContextOptionsBuilder<SqliteCreditUsageDb>().UseSqlite(ReadOnlyConnection(folder)).Options, new CurrentSubscription());

    public static void UseSqliteFile(this IPersistentStoreBuilder store, string dataFolder) =>
        store.UseSqlite(SqliteFactory.Instance, DataSource(dataFolder, JobsFile));

    /// <summary>By the builder, since a folder's name may have a semicolon or a quote.</summary>
    internal static string DataSource(string folder, string file) => new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, file) }.ConnectionString;
}

internal sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    public const int BusyTimeoutMilliseconds = 5000;

    /// <summary>For a connection that writes, in KiB. With what a reading one has, an import into a large table fell to a third of its speed.</summary>
    public const int WritingCacheKib = 16 * 1024;

    /// <summary>Each connection of the pool keeps as much; a report reads each page once.</summary>
    private const int ReadingCacheKib = 2 * 1024;

    // FULL: what was acknowledged survives a power cut. 4,000 pages of log before they are brought over:
    // with the default 1,000 every third call of 1,000 events brought the same pages over once more.
    private static readonly string Settings =
        $"PRAGMA busy_timeout={BusyTimeoutMilliseconds}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-{ReadingCacheKib}; PRAGMA wal_autocheckpoint=4000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    private static void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
    }
}

internal static class SqliteFailure
{
    public static bool IsBusy(Exception problem) => CodeOf(problem) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public static bool IsFull(Exception problem) => CodeOf(problem) is raw.SQLITE_FULL;

    public static bool IsDamaged(Exception problem) => CodeOf(problem) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    public static bool IsUnavailable(Exception problem) => CodeOf(problem) is not (null or raw.SQLITE_CONSTRAINT);

    private static int? CodeOf(Exception problem) => (problem as SqliteException ?? problem.InnerException as SqliteException)?.SqliteErrorCode;
}

/// <summary>Used by the migrations tool only.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteCreditUsageDb>
{
    public SqliteCreditUsageDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteCreditUsageDb>().UseSqlite("Data Source=:memory:").Options, new CurrentSubscription());
}
