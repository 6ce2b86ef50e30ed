using CreditUsage.Domain.Usage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using SQLitePCL;

namespace CreditUsage.Data.Sqlite;

public sealed class SqliteCreditUsageDb(DbContextOptions<SqliteCreditUsageDb> options, CurrentSubscription current)
    : CreditUsageDb(options, current)
{
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Null outside of the site's services.</summary>
    private readonly SqliteChanges? _changes = options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider?.GetService<SqliteChanges>();

    /// <summary>A large database is written anew.</summary>
    private static readonly TimeSpan EraseTimeout = TimeSpan.FromMinutes(10);

    private SqliteTransaction? _snapshot;
    private CancellationTokenRegistration _interrupt;

    public override long SizeBytes => new FileInfo(SqliteCopy.PathOf(Connection.DataSource)) is { Exists: true } file ? file.Length : 0;

    public override string? BackedUpBy => null;

    private SqliteConnection Connection => (SqliteConnection)Database.GetDbConnection();

    // The provider begins every transaction as IMMEDIATE, which takes the write lock.
    public override async Task<IDbContextTransaction> BeginWriteAsync(CancellationToken cancellation)
    {
        var transaction = await Database.BeginTransactionAsync(cancellation);
        // Until the connection is opened anew.
        raw.sqlite3_exec(Connection.Handle, $"PRAGMA cache_size=-{SqliteConnectionSettings.WritingCacheKib}");
        return transaction;
    }

    public override async Task<bool> CanWriteAsync(TimeSpan patience, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        var database = ((SqliteConnection)Database.GetDbConnection()).Handle!;
        try
        {
            // Not by a transaction of the provider, which tries again for as long as a command may take.
            raw.sqlite3_busy_timeout(database, (int)patience.TotalMilliseconds);
            var answer = raw.sqlite3_exec(database, "BEGIN IMMEDIATE; ROLLBACK");
            if (answer is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return false;
            SqliteException.ThrowExceptionForRC(answer, database);
            return true;
        }
        finally
        {
            raw.sqlite3_busy_timeout(database, SqliteConnectionSettings.BusyTimeoutMilliseconds);
            await Database.CloseConnectionAsync();
        }
    }

    public override async Task BeginSnapshotAsync(CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        var connection = Connection;
        var before = _changes?.Read();
        // Deferred: reads one state and locks nobody out.
        _snapshot = connection.BeginTransaction(deferred: true);
        await Database.UseTransactionAsync(_snapshot, cancellation);
        TakeSnapshot(connection);
        // What was committed in between may be in the snapshot or not.
        SnapshotState = _changes?.Read() == before ? before : null;
        // The provider checks the token only between rows; an interrupt stops the engine at once.
        _interrupt = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
    }

    public override async Task EndSnapshotAsync()
    {
        await _interrupt.DisposeAsync();
        SnapshotState = null;
        await Database.UseTransactionAsync(null);
        if (_snapshot is not null) await EndAsync(_snapshot);
        _snapshot = null;
        await Database.CloseConnectionAsync();
    }

    public override async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation)
    {
        // A process that was killed while migrating leaves its lock behind, which the next start would wait for without end.
        var pending = (await Database.GetPendingMigrationsAsync(cancellation)).ToList();
        if (pending.Count == 0) return [];
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(MigrationTimeout);
        try
        {
            await Database.MigrateAsync(timeout.Token);
            return pending;
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new MigrationException(
                $"The database could not be migrated within {MigrationTimeout.TotalSeconds:0} seconds: another start is migrating it, or one was killed while it did. "
                + "If no other is running, delete the row of the table __EFMigrationsLock and start again.", late);
        }
    }

    public override async Task<string?> CheckAsync(bool full, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        try
        {
            return await SqliteCheck.RunAsync(Connection, full, cancellation);
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    public override async Task<string> CopyToAsync(string folder, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        try
        {
            SqliteCopy.Make(Connection, Path.Combine(folder, SqliteEngine.DatabaseFile));
            return SqliteEngine.DatabaseFile;
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    public override void CloseConnections() => SqliteConnection.ClearPool(Connection);

    public override async Task<bool> EraseDeletedAsync(CancellationToken cancellation)
    {
        Database.SetCommandTimeout(EraseTimeout);
        await Database.OpenConnectionAsync(cancellation);
        try
        {
            await Database.ExecuteSqlRawAsync("VACUUM", cancellation);
            // The log beside the file holds earlier states of its pages, for as long as somebody reads one of them.
            await using var command = Connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            return await command.ExecuteScalarAsync(cancellation) is 0L;
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    public override void Dispose()
    {
        // Dispose it before the connection returns to the pool, where an interrupt would hit another query.
        _interrupt.Dispose();
        base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await _interrupt.DisposeAsync();
        await base.DisposeAsync();
    }

    internal override UsageInsert PrepareUsageInsert() => new SqliteUsageInsert(this);

    internal override async Task<long> ReserveUsageBlockAsync(CancellationToken cancellation)
    {
        const string first = "INSERT INTO sqlite_sequence (name, seq) SELECT 'UsageEvents', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'UsageEvents')";
        // Ordinary events go on behind the block.
        const string reserve = """UPDATE sqlite_sequence SET seq = (seq / {0} + 2) * {0} - 1 WHERE name = 'UsageEvents' RETURNING seq / {0} AS "Value" """;
        await Database.ExecuteSqlRawAsync(first, cancellation);
        return (await Database.SqlQueryRaw<long>(reserve, UsageEvent.IdsOfBlock).ToListAsync(cancellation)).Single();
    }

    internal override async Task<TableWriter> BeginCopyAsync(ITable table, CancellationToken cancellation)
    {
        // Rows refer to others of their table, whatever their order.
        await Database.ExecuteSqlAsync($"PRAGMA defer_foreign_keys=ON", cancellation);
        return new SqliteTableWriter(Connection, (SqliteTransaction)Database.CurrentTransaction!.GetDbTransaction(), table);
    }

    internal override Task AfterCopyAsync(IReadOnlyList<ITable> tables, CancellationToken cancellation) => Task.CompletedTask;

    internal override async Task<UsageDryRun> BeginDryRunAsync(CancellationToken cancellation) => await SqliteDryRun.BeginAsync(this, cancellation);

    /// <summary>A deferred transaction reads the state of its first statement, not of its beginning.</summary>
    private void TakeSnapshot(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.Transaction = _snapshot;
        command.CommandText = "SELECT 1 FROM sqlite_schema LIMIT 1";
        command.ExecuteScalar();
    }

    private static async Task EndAsync(SqliteTransaction snapshot)
    {
        var connection = snapshot.Connection;
        await snapshot.DisposeAsync();
        if (connection is null) return;
        // Otherwise the pool keeps every page that a long report has read.
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA shrink_memory";
        await command.ExecuteNonQueryAsync();
    }
}
