using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CreditUsage.Data.Sqlite;

internal static class SqliteCopy
{
    private const string Scheme = "file:";

    /// <summary>In one step, which reads one state whatever is written meanwhile: a copy in several steps begins anew with every write.</summary>
    public static void Make(SqliteConnection from, string path)
    {
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        copy.Open();
        using (var settings = copy.CreateCommand())
        {
            // A copy that a power cut interrupts is thrown away; the caller brings a whole one to the disk.
            settings.CommandText = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF";
            settings.ExecuteNonQuery();
        }
        from.BackupDatabase(copy);
    }

    /// <summary>Of a database that is named by its path, or as <see cref="ReadOnly"/> names it.</summary>
    public static string PathOf(string dataSource) => dataSource.StartsWith(Scheme, StringComparison.Ordinal) ? Uri.UnescapeDataString(dataSource[Scheme.Length..].Split('?')[0]) : dataSource;

    /// <summary>Reads a copy that nobody writes, and leaves no file beside it.</summary>
    public static string ReadOnly(string path) =>
        new SqliteConnectionStringBuilder { DataSource = $"{Scheme}{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1", Pooling = false }.ToString();
}

internal static class SqliteCheck
{
    /// <summary>The first fault that SQLite finds; null where there is none. Quick leaves out whether indexes agree with their tables, and dangling references.</summary>
    public static async Task<string?> RunAsync(SqliteConnection connection, bool full, CancellationToken cancellation)
    {
        // The provider looks at the token between rows only, and this has one.
        await using var interrupt = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
        try
        {
            return full ? await WrongAsync(connection, "integrity_check(1)", cancellation) ?? await DanglingAsync(connection, cancellation) : await WrongAsync(connection, "quick_check(1)", cancellation);
        }
        catch (SqliteException problem) when (SqliteFailure.IsDamaged(problem))
        {
            return problem.Message;
        }
    }

    private static async Task<string?> WrongAsync(SqliteConnection connection, string check, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {check}";
        var answer = (string?)await command.ExecuteScalarAsync(cancellation);
        return answer == "ok" ? null : answer;
    }

    private static async Task<string?> DanglingAsync(SqliteConnection connection, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_key_check";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? $"a row of {reader.GetString(0)} names one of {reader.GetString(2)} that is not there" : null;
    }
}
