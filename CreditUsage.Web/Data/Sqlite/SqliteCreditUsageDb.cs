using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace CreditUsage.Data.Sqlite;

/// <summary>The database on SQLite, the embedded default.</summary>
public sealed class SqliteCreditUsageDb(DbContextOptions<SqliteCreditUsageDb> options, CurrentSubscription current)
    : CreditUsageDb(options, current)
{
    private SqliteTransaction? _snapshot;
    private CancellationTokenRegistration _interrupt;

    /// <inheritdoc/>
    public override async Task BeginSnapshotAsync(CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        var connection = (SqliteConnection)Database.GetDbConnection();
        // A deferred transaction reads one state and locks nobody out; EF's own would take the write lock.
        _snapshot = connection.BeginTransaction(deferred: true);
        await Database.UseTransactionAsync(_snapshot, cancellation);
        // The provider looks at the token between rows only; the engine stops at once, wherever it is.
        _interrupt = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
    }

    /// <inheritdoc/>
    public override async Task EndSnapshotAsync()
    {
        await _interrupt.DisposeAsync();
        await Database.UseTransactionAsync(null);
        if (_snapshot is not null) await EndAsync(_snapshot);
        _snapshot = null;
        await Database.CloseConnectionAsync();
    }

    public override void Dispose()
    {
        // Before the connection goes back to the pool, where an interrupt would hit somebody else's query.
        _interrupt.Dispose();
        base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await _interrupt.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task EndAsync(SqliteTransaction snapshot)
    {
        var connection = snapshot.Connection;
        await snapshot.DisposeAsync();
        if (connection is null) return;
        // The pool would keep every page that a long report has read.
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA shrink_memory";
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>What each SQLite connection is set to. Write-ahead logging is a property of the file and is set once, by the first start.</summary>
public sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    // FULL: what was acknowledged survives a power cut. 16 MiB of cache: with the default 2 an import into a large table
    // fell to a third of its speed, and each connection of the pool may keep as much. 4,000 pages of log before they are brought over:
    // with the default 1,000 every third call of 1,000 events brought the same pages over once more.
    private const string Settings = "PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=4000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    private static void Apply(DbConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
    }
}

/// <summary>How the migrations tool makes a context: the same model as the site's, on no database in particular.</summary>
public sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteCreditUsageDb>
{
    public SqliteCreditUsageDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteCreditUsageDb>().UseSqlite("Data Source=:memory:").Options, new CurrentSubscription());
}
