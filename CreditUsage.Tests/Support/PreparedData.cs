using Microsoft.Data.Sqlite;

namespace CreditUsage.Tests.Support;

/// <summary>
/// The databases of a site that has started once and done nothing, made once in a run and copied for each site: migrations and the job engine's
/// tables would take every one of them longer than the rest of its start.
/// </summary>
internal static class PreparedData
{
    private const string Jobs = "jobs.db";
    private static readonly string[] Databases = [TestDatabase.File, Jobs];
    private static readonly Lazy<string> Prepared = new(Prepare);

    /// <summary>Gives an empty data folder its databases.</summary>
    public static void CopyTo(string dataFolder)
    {
        if (TestDatabase.IsOnServer) TestDatabase.Create(dataFolder, Prepared.Value);
        else foreach (var name in Databases) File.Copy(Path.Combine(Prepared.Value, name), Path.Combine(dataFolder, name));
    }

    /// <summary>A copy of a site's database as it is at this moment, to be copied on for the rest of the run.</summary>
    /// <returns>Its path, or its name on a server.</returns>
    public static string Keep(string dataFolder)
    {
        if (TestDatabase.IsOnServer) return TestDatabase.Keep(dataFolder);
        var kept = Path.Combine(NewFolder(), TestDatabase.File);
        using (var from = Open(Path.Combine(dataFolder, TestDatabase.File))) Read(from, $"VACUUM INTO '{kept}'");
        using var to = Open(kept);
        Read(to, "PRAGMA journal_mode = wal");
        return kept;
    }

    /// <summary>Gives a data folder a database that was kept, in place of its own.</summary>
    public static void Put(string kept, string dataFolder)
    {
        if (TestDatabase.IsOnServer) TestDatabase.Create(dataFolder, kept);
        else File.Copy(kept, Path.Combine(dataFolder, TestDatabase.File), overwrite: true);
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
        if (TestDatabase.IsOnServer)
        {
            using (var connection = TestDatabase.OpenAsync(folder).GetAwaiter().GetResult())
            using (var command = TestDatabase.Command(connection, "TRUNCATE qrtz_triggers, qrtz_job_details, qrtz_scheduler_state, qrtz_fired_triggers CASCADE"))
                command.ExecuteNonQuery();
            return TestDatabase.Keep(folder);
        }
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
