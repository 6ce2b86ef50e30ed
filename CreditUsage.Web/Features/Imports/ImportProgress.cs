using System.Diagnostics;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace CreditUsage.Features.Imports;

/// <summary>Tells whoever watches an import how many rows have been gone through. On a connection of its own, since the check's only reads.</summary>
public sealed class ImportProgress(IServiceScopeFactory scopes)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);

    private long _told = Stopwatch.GetTimestamp();

    public async Task TellAsync(UsageImport import, int rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        if (Stopwatch.GetElapsedTime(_told) < Often) return;
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(import.SubscriptionId);
        try
        {
            await scope.ServiceProvider.GetRequiredService<CreditUsageDb>().UsageImports.Where(row => row.Id == import.Id && row.State == UsageImportState.Checking)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RowsDone, rows), cancellation);
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode == raw.SQLITE_BUSY)
        {
            // Somebody writes for long; the check goes on, and the next figure will do.
        }
        _told = Stopwatch.GetTimestamp();
    }
}
