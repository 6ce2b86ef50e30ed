using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditUsage.Tests.Support;

/// <summary>The database of a data folder, on the engine that the tests run on: SQLite, or the PostgreSQL server that script/test postgres starts.</summary>
internal static partial class TestDatabase
{
    public const string File = "creditusage.db";

    /// <summary>A trait: what is about an engine's own files or words is left out on others.</summary>
    public const string Engine = "Engine", Sqlite = "Sqlite";

    private const string MaintenanceDatabase = "postgres";

    /// <summary>Without a database; null on SQLite.</summary>
    private static readonly string? Server = Environment.GetEnvironmentVariable("CREDITUSAGE_TEST_SERVER") is { Length: > 0 } server ? server : null;

    public static bool IsOnServer => Server is not null;

    /// <summary>What a site with this data folder is told.</summary>
    public static IReadOnlyList<(string Key, string Value)> SettingsOf(string dataFolder) => IsOnServer
        ? [("CreditUsage:Database:Provider", "PostgreSql"), ("ConnectionStrings:CreditUsage", Connection(NameOf(dataFolder)) + $";Username={PostgresServer.SiteRole}"),
            ("ConnectionStrings:CreditUsageMigrations", Connection(NameOf(dataFolder))),
            // Tests look for files where they can be seen.
            ("CreditUsage:Reports:Store", "Folder")]
        : [];

    public static void AddInterceptor(IServiceCollection services, IInterceptor interceptor)
    {
        if (IsOnServer) services.ConfigureDbContext<CreditUsage.Data.PostgreSql.PostgreSqlCreditUsageDb>(database => database.AddInterceptors(interceptor));
        else services.ConfigureDbContext<CreditUsage.Data.Sqlite.SqliteCreditUsageDb>(database => database.AddInterceptors(interceptor));
    }

    /// <summary>Past the program and all its rules.</summary>
    public static async Task<DbConnection> OpenAsync(string dataFolder)
    {
        DbConnection connection = IsOnServer
            ? new NpgsqlConnection(Connection(NameOf(dataFolder)) + ";Pooling=false")
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, File), Pooling = false, ForeignKeys = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Somebody else writes until it is disposed: to the whole file, or on a server for one clinic; 0 is what belongs to none.</summary>
    public static async Task<DbConnection> HoldWriteLockAsync(string dataFolder, int subscription = 0)
    {
        var connection = await OpenAsync(dataFolder);
        // Ended with the connection.
        var transaction = await connection.BeginTransactionAsync();
        if (!IsOnServer) return connection;
        await using var command = Command(connection, FormattableString.Invariant($"SELECT pg_advisory_xact_lock(1, {subscription})"));
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = Quoted(sql);
        return command;
    }

    /// <summary>For SQL with names as the model writes them, without quotes: on a server only quoted names keep their capitals.</summary>
    public static string Quoted(string sql) => IsOnServer ? ModelName().Replace(sql, "\"$0\"") : sql;

    /// <summary>On the server.</summary>
    public static void Create(string dataFolder, string template)
    {
        Remove(dataFolder);
        Run($"CREATE DATABASE {NameOf(dataFolder)} TEMPLATE {template}");
    }

    /// <summary>A database that others are made from.</summary>
    /// <returns>Its name.</returns>
    public static string Keep(string dataFolder)
    {
        var kept = $"kept_{NameOf(dataFolder)}_{Guid.NewGuid():N}";
        LetGo(dataFolder);
        Run($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NameOf(dataFolder)}'");
        Run($"CREATE DATABASE {kept} TEMPLATE {NameOf(dataFolder)}");
        return kept;
    }

    /// <summary>Closes the connections that a pool keeps.</summary>
    public static void LetGo(string dataFolder)
    {
        if (IsOnServer)
        {
            foreach (var (_, connection) in SettingsOf(dataFolder).Where(setting => setting.Key.StartsWith("Connection", StringComparison.Ordinal)))
            {
                using var pooled = new NpgsqlConnection(connection);
                NpgsqlConnection.ClearPool(pooled);
            }
            return;
        }
        // Not all pools: other sites' connections would have to be opened anew.
        foreach (var database in Directory.Exists(dataFolder) ? Directory.GetFiles(dataFolder, "*.db") : [])
        {
            using var connection = new SqliteConnection($"Data Source={database}");
            SqliteConnection.ClearPool(connection);
        }
    }

    public static void Remove(string dataFolder)
    {
        LetGo(dataFolder);
        if (IsOnServer) Run($"DROP DATABASE IF EXISTS {NameOf(dataFolder)} WITH (FORCE)");
    }

    private static string Connection(string database) => $"{Server};Database={database};Maximum Pool Size=20";

    private static string NameOf(string dataFolder) => "test_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataFolder))))[..20];

    private static void Run(string sql)
    {
        using var connection = new NpgsqlConnection(Connection(MaintenanceDatabase));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    // Words in capitals are SQL's own, and what stands in quotes is text.
    [GeneratedRegex(@"(?<![\w'""])[A-Z]\w*[a-z]\w*(?![\w'""])(?=(?:[^']*'[^']*')*[^']*$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ModelName();
}
