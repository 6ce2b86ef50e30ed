using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CreditUsage.Tests.Bench;

/// <summary>Asks for the database's write lock again and again, as whoever must write does.</summary>
internal static class WriteLock
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);

    /// <summary>The longest that it took, in milliseconds, until something has ended.</summary>
    public static double LongestWait(string database, Task end)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        // Asked for without the provider, whose own waiting is in steps of 150 ms.
        _ = raw.sqlite3_busy_timeout(connection.Handle, 0);
        var longest = TimeSpan.Zero;
        while (!end.IsCompleted)
        {
            var started = Stopwatch.GetTimestamp();
            while (raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE") != raw.SQLITE_OK && !end.IsCompleted) Thread.Sleep(Between);
            var waited = Stopwatch.GetElapsedTime(started);
            _ = raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            if (waited > longest) longest = waited;
            Thread.Sleep(Between);
        }
        return longest.TotalMilliseconds;
    }
}
