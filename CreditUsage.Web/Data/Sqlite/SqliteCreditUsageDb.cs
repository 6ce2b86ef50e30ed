using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
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
