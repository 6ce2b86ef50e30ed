using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CreditUsage.Data.Sqlite;

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
