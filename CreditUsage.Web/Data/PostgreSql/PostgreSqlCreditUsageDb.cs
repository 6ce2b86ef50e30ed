using System.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace CreditUsage.Data.PostgreSql;

/// <param name="owner">Who migrates; null where the site's own role does.</param>
public sealed class PostgreSqlCreditUsageDb(DbContextOptions<PostgreSqlCreditUsageDb> options, CurrentSubscription current, PostgreSqlOwner? owner = null)
    : CreditUsageDb(options, current)
{
    /// <summary>Ids compare and names sort by code point on either engine, whatever the server's language.</summary>
    private const string Collation = "C";

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    private IDbContextTransaction? _snapshot;

    public override long SizeBytes => Database.SqlQuery<long>($"""SELECT pg_database_size(current_database()) AS "Value" """).Single();

    public override string? BackedUpBy => "pg_dump";

    public override async Task<IDbContextTransaction> BeginWriteAsync(CancellationToken cancellation)
    {
        var transaction = await Database.BeginTransactionAsync(cancellation);
        try
        {
            await TakeAsync(PostgreSqlLocks.Write, SubscriptionId ?? 0, LockPatience, cancellation);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public override async Task<bool> CanWriteAsync(TimeSpan patience, CancellationToken cancellation)
    {
        await using var transaction = await Database.BeginTransactionAsync(cancellation);
        try
        {
            await TakeAsync(PostgreSqlLocks.Write, SubscriptionId ?? 0, patience, cancellation);
        }
        catch (PostgresException busy) when (PostgreSqlFailure.IsBusy(busy))
        {
            return false;
        }
        return !await Database.SqlQuery<bool>($"""SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "Value" """).SingleAsync(cancellation);
    }

    /// <summary>The first statement takes it. What a server counts goes on with every database of it, so no state is told.</summary>
    public override async Task BeginSnapshotAsync(CancellationToken cancellation) => _snapshot = await Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

    public override async Task EndSnapshotAsync()
    {
        if (_snapshot is not null) await _snapshot.DisposeAsync();
        _snapshot = null;
    }

    /// <summary>Asked as the owner where there is one: the site's role may have no rights yet.</summary>
    public override Task<bool> IsNewerAsync(CancellationToken cancellation) => owner is null ? base.IsNewerAsync(cancellation) : owner.AsOwnerAsync(this, () => base.IsNewerAsync(cancellation));

    public override async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            if (owner is not null) return await owner.PrepareAsync(this, cancellation);
            var pending = (await Database.GetPendingMigrationsAsync(cancellation)).ToList();
            if (pending.Count > 0) await Database.MigrateAsync(cancellation);
            return pending;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new MigrationException(
                $"The database must be migrated, and the role may not: {refused.MessageText}. Name its owner in ConnectionStrings__CreditUsageMigrations, for the verb migrate or for the start.", refused);
        }
    }

    /// <summary>Row-level security binds neither the owner of a table nor a role that bypasses it.</summary>
    public override async Task<string?> WarningAsync(CancellationToken cancellation) =>
        await Database.SqlQuery<bool>($"""SELECT coalesce(row_security_active(to_regclass('"UsageEvents"')), true) AS "Value" """).SingleAsync(cancellation) ? null
            : $"The role of ConnectionStrings__CreditUsage owns the tables or bypasses row-level security, so the database does not keep clinics apart by itself. Give the site a role of its own, and its owner's in ConnectionStrings__CreditUsageMigrations.";

    public override async Task<string?> CheckAsync(bool full, CancellationToken cancellation)
    {
        // Zero, too, where the server was set up without checksums.
        var failures = await Database.SqlQuery<long>($"""SELECT coalesce(sum(checksum_failures), 0)::bigint AS "Value" FROM pg_stat_database WHERE datname = current_database()""").SingleAsync(cancellation);
        return failures == 0 ? null : $"The server has read {failures} pages whose checksum was wrong.";
    }

    public override Task<string> CopyToAsync(string folder, CancellationToken cancellation) => throw new NotSupportedException($"A database of this engine is copied by {BackedUpBy}.");

    public override void CloseConnections() => NpgsqlConnection.ClearPool((NpgsqlConnection)Database.GetDbConnection());

    /// <summary>The server writes rows anew by itself, and no version of the program has kept secrets in clear here.</summary>
    public override Task<bool> EraseDeletedAsync(CancellationToken cancellation) => Task.FromResult(true);

    internal override UsageInsert PrepareUsageInsert() => new PostgreSqlUsageInsert(this);

    internal override async Task<long> ReserveUsageBlockAsync(CancellationToken cancellation)
    {
        // The sequence is common to all subscriptions, each of which has its own lock.
        await TakeAsync(PostgreSqlLocks.UsageBlocks, 0, LockPatience, cancellation);
        return await Database.SqlQuery<long>(
            $"""
             SELECT setval(of, (nextval(of) / {UsageEvent.IdsOfBlock} + 2) * {UsageEvent.IdsOfBlock} - 1) / {UsageEvent.IdsOfBlock} AS "Value"
             FROM CAST(pg_get_serial_sequence('"UsageEvents"', 'Id') AS regclass) AS of
             """).SingleAsync(cancellation);
    }

    internal override Task SeeEverySubscriptionAsync(CancellationToken cancellation) => Database.ExecuteSqlAsync($"SELECT set_config({PostgreSqlRowSecurity.Variable}, {PostgreSqlRowSecurity.Every}, false)", cancellation);

    internal override Task<TableWriter> BeginCopyAsync(ITable table, CancellationToken cancellation) => PostgreSqlTableWriter.BeginAsync((NpgsqlConnection)Database.GetDbConnection(), table, cancellation);

    internal override async Task AfterCopyAsync(IReadOnlyList<ITable> tables, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tables);
        foreach (var table in tables)
            foreach (var column in table.Columns.Where(column => column.PropertyMappings.Any(mapping => NpgsqlPropertyExtensions.GetValueGenerationStrategy(mapping.Property) == NpgsqlValueGenerationStrategy.IdentityByDefaultColumn)))
            {
                // The names are the model's own.
                var sql = $"SELECT setval(pg_get_serial_sequence('\"{table.Name}\"', '{column.Name}'), greatest(max(\"{column.Name}\"), 1)) FROM \"{table.Name}\"";
                await Database.ExecuteSqlRawAsync(sql, cancellation);
            }
    }

    internal override async Task<UsageDryRun> BeginDryRunAsync(CancellationToken cancellation) => await PostgreSqlDryRun.BeginAsync(this, cancellation);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().UseCollation(Collation);
    }

    /// <summary>Held until the transaction ends.</summary>
    private Task<int> TakeAsync(int kind, int of, TimeSpan patience, CancellationToken cancellation) => Database.ExecuteSqlAsync(
        $"SELECT set_config('lock_timeout', {patience.TotalMilliseconds:0}::text, true), pg_advisory_xact_lock({kind}, {of})", cancellation);
}

/// <summary>The first number of an advisory lock; the second is a subscription, or 0 for what all share.</summary>
internal static class PostgreSqlLocks
{
    public const int Write = 1;
    public const int UsageBlocks = 2;
    public const int Import = 3;
}
