using System.Net.Sockets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;
using Quartz;

namespace CreditUsage.Data.PostgreSql;

internal static class PostgreSqlEngine
{
    private const int CommandTimeoutSeconds = 30;

    public static string? ProblemOf(string? connectionString)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            return parts switch
            {
                { Host: null or "" } => "It names no Host.",
                { Database: null or "" } => "It names no Database.",
                _ => null,
            };
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException)
        {
            return problem.Message.Split('\n')[0];
        }
    }

    public static void AddPostgreSql(this IServiceCollection services, string connectionString, string? migrationsConnection)
    {
        if (!string.IsNullOrEmpty(migrationsConnection)) services.AddSingleton(new PostgreSqlOwner(migrationsConnection));
        services.AddSingleton<JobsDatabase>(new PostgreSqlJobsDatabase(connectionString)).AddSingleton<ImportTurns>(new PostgreSqlImportTurns(connectionString));
        var rowSecurity = new PostgreSqlRowSecurity();
        services.AddDbContext<CreditUsageDb, PostgreSqlCreditUsageDb>(database => database.UseNpgsql(connectionString, server => server.CommandTimeout(CommandTimeoutSeconds)).AddInterceptors(rowSecurity));
    }

    /// <summary>One plan for all nodes: each job runs on one of them.</summary>
    public static void UsePostgreSql(this IPersistentStoreBuilder store, string connectionString)
    {
        store.UsePostgres(NpgsqlFactory.Instance, connectionString);
        store.UseClustering();
    }
}

internal static class PostgreSqlFailure
{
    // What its place in the class says (PostgreSQL's manual, appendix A): 53 no resources, 57 stopped or stopping, 58 system error, 08 no connection.
    private static readonly string[] Unreachable = ["57P", "08"];

    private static readonly string[] Unavailable = ["53", "57", "58", "08", "28", "3D", "42", "XX"];

    public static bool IsOf(Exception problem) => Of(problem) is not null;

    public static bool IsBusy(Exception problem) =>
        CodeOf(problem) is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.TooManyConnections;

    public static bool IsFull(Exception problem) => CodeOf(problem) is PostgresErrorCodes.DiskFull;

    public static bool IsDamaged(Exception problem) => CodeOf(problem) is PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted;

    /// <summary>The server has stopped, is stopping or starting, or cannot be reached.</summary>
    public static bool IsUnreachable(Exception problem) => CodeOf(problem) is { } code
        ? Unreachable.Any(place => code.StartsWith(place, StringComparison.Ordinal))
        : Of(problem) is { InnerException: SocketException or IOException or TimeoutException };

    public static bool IsUnavailable(Exception problem) => IsBusy(problem)
        || IsUnreachable(problem) || (CodeOf(problem) is { } code && Unavailable.Any(place => code.StartsWith(place, StringComparison.Ordinal)));

    private static string? CodeOf(Exception problem) => (Of(problem) as PostgresException)?.SqlState;

    /// <summary>EF and the job engine put their own around it, and around each other's.</summary>
    private static NpgsqlException? Of(Exception? problem) => problem is null ? null : problem as NpgsqlException ?? Of(problem.InnerException);
}

/// <summary>Used by the migrations tool only.</summary>
internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlCreditUsageDb>
{
    /// <summary>What the site's own services say of the length of keys, which this engine keeps.</summary>
    private const int KeyLength = 128;

    public PostgreSqlCreditUsageDb CreateDbContext(string[] args)
    {
        var services = new ServiceCollection().Configure<IdentityOptions>(identity => identity.Stores.MaxLengthForKeys = KeyLength).BuildServiceProvider();
        return new(new DbContextOptionsBuilder<PostgreSqlCreditUsageDb>().UseNpgsql("Host=localhost;Database=creditusage").UseApplicationServiceProvider(services).Options, new CurrentSubscription());
    }
}
