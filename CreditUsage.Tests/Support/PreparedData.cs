using Microsoft.Data.Sqlite;

namespace CreditUsage.Tests.Support;

/// <summary>
/// The databases of a site that has started once and done nothing, made once in a run and copied for each site: migrations and the job engine's
/// tables would take every one of them longer than the rest of its start.
/// </summary>
internal static class PreparedData
{
    private const string Jobs = "jobs.db";
    private static readonly string[] Databases = ["creditusage.db", Jobs];
    private static readonly Lazy<string> Prepared = new(Prepare);

    /// <summary>Puts the databases into an empty data folder.</summary>
    public static void CopyTo(string dataFolder)
    {
        foreach (var name in Databases) File.Copy(Path.Combine(Prepared.Value, name), Path.Combine(dataFolder, name));
    }

    /// <summary>A copy of a site's database as it is at this moment, to be copied on for the rest of the run.</summary>
    /// <returns>Its path.</returns>
    public static string Keep(string database)
    {
        var kept = Path.Combine(NewFolder(), Path.GetFileName(database));
        using (var from = Open(database)) Read(from, $"VACUUM INTO '{kept}'");
        using var to = Open(kept);
        Read(to, "PRAGMA journal_mode = wal");
        return kept;
    }

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("creditusage-prepared-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string Prepare()
    {
        var folder = NewFolder();
        using (var site = new Site(prepared: false).With("CreditUsage:DataPath", folder)) _ = site.Services;
        using (var jobs = Open(Path.Combine(folder, Jobs))) Empty(jobs);
        foreach (var name in Databases)
        {
            using var database = Open(Path.Combine(folder, name));
            // All into the one file that is copied.
            Read(database, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        return folder;
    }

    /// <summary>What a start plans is its own.</summary>
    private static void Empty(SqliteConnection jobs)
    {
        foreach (var table in Read(jobs, "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'QRTZ%'")) Read(jobs, $"DELETE FROM {table}");
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys=False");
        connection.Open();
        return connection;
    }

    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read()) values.Add(reader.GetString(0));
        return values;
    }
}
