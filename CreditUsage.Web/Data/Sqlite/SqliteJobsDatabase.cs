using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CreditUsage.Data.Sqlite;

internal sealed class SqliteJobsDatabase(string folder, string name) : JobsDatabase
{
    // The log and its index belong to the file and must not meet another one.
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    private string File => Path.Combine(folder, name);

    public override bool IsWhole()
    {
        try
        {
            return System.IO.File.Exists(File) && Ask("SELECT count(*) FROM sqlite_schema WHERE name = 'QRTZ_TRIGGERS' COLLATE NOCASE") is 1L && Ask("PRAGMA quick_check(1)") is "ok";
        }
        catch (SqliteException problem) when (SqliteFailure.IsBusy(problem))
        {
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    public override string? PutAside(DateTimeOffset at)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{name}.damaged-{at:yyyyMMddHHmmss}");
        var any = false;
        foreach (var part in Parts.Where(part => System.IO.File.Exists(File + part)))
        {
            any = true;
            System.IO.File.Move(File + part, Path.Combine(folder, aside + part), overwrite: true);
        }
        ForgetConnections();
        return any ? aside : null;
    }

    public override byte[]? Copy()
    {
        var copy = Path.Combine(folder, $"{name}.copy");
        System.IO.File.Delete(copy);
        try
        {
            Ask("VACUUM INTO $copy", ("$copy", copy));
            using (var connection = Open(copy, SqliteOpenMode.ReadWrite))
            {
                Run(connection, "DELETE FROM QRTZ_FIRED_TRIGGERS");
                Run(connection, "UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'WAITING'");
                if (Run(connection, "SELECT count(*) FROM QRTZ_CRON_TRIGGERS") is 0L) return null;
            }
            return System.IO.File.ReadAllBytes(copy);
        }
        finally
        {
            System.IO.File.Delete(copy);
        }
    }

    public override void Restore(byte[] copy)
    {
        var made = Path.Combine(folder, $"{name}.new");
        System.IO.File.WriteAllBytes(made, copy);
        System.IO.File.Move(made, File, overwrite: true);
        // Whoever connected between putting aside and this made an empty file, and would have kept it in the pool.
        ForgetConnections();
    }

    /// <summary>The next connection opens the file that has the name now.</summary>
    private void ForgetConnections()
    {
        using var connection = new SqliteConnection(SqliteEngine.DataSource(folder, name));
        SqliteConnection.ClearPool(connection);
    }

    public override (string Job, DateTimeOffset At)? EarliestDue()
    {
        try
        {
            const string earliest = "SELECT NEXT_FIRE_TIME || ' ' || JOB_NAME FROM QRTZ_TRIGGERS WHERE TRIGGER_STATE = 'WAITING' AND NEXT_FIRE_TIME > 0 ORDER BY NEXT_FIRE_TIME LIMIT 1";
            if (Ask(earliest) is not string found || found.Split(' ', 2) is not [var ticks, var job]) return null;
            return (job, new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero));
        }
        catch (SqliteException problem) when (SqliteFailure.IsBusy(problem))
        {
            return null;
        }
    }

    private object? Ask(string sql, params (string Name, object Value)[] values)
    {
        using var connection = Open(File, SqliteOpenMode.ReadOnly);
        return Run(connection, sql, values);
    }

    private static object? Run(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command.ExecuteScalar();
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());
        connection.Open();
        return connection;
    }
}
