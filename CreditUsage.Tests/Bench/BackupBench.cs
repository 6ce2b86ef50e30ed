using Microsoft.Data.Sqlite;

namespace CreditUsage.Tests.Bench;

/// <summary>The verbs backup and verify-data of 1,000,000 events, each against what the database's own program does of it: a copy, and the check of the structure alone.</summary>
internal static class BackupBench
{
    private const int Events = 1_000_000;
    private const int Days = 365;
    private const int Rounds = 3;
    private const double MostSeconds = 60;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var csv = Path.Combine(folder, "usage.csv");
        await BenchUsage.WriteAsync(csv, BenchData.Month.End.AddDays(-Days), Days, Events);
        var data = await BenchData.CreateAsync(Path.Combine(folder, "data"));
        await using (var site = await data.OpenAsync()) await BenchData.ImportAsync(site, csv);
        SqliteConnection.ClearAllPools();

        var (backup, copy) = (Path.Combine(folder, "backup"), Path.Combine(folder, "copy.db"));
        var backups = await Alternating.MediansAsync(() => WithoutAsync(backup, Verb(data, "backup", backup)), () => WithoutAsync(copy, new ChildProgram("sqlite3", [data.Database, $".backup '{copy}'"])), Rounds);
        var checks = await Alternating.MediansAsync(() => Verb(data, "verify-data").RunAsync(), () => new ChildProgram("sqlite3", [data.Database, "PRAGMA integrity_check"]).RunAsync(), Rounds);
        return
        [
            new Measure("backup: 1,000,000 events, at most 60 s", backups.Ours.WallSeconds, MostSeconds, "s wall", 1),
            Measure.Wall("backup: the same, against a copy by sqlite3", backups),
            new Measure("backup: verify-data of 1,000,000 events, at most 60 s", checks.Ours.WallSeconds, MostSeconds, "s wall", 1),
            Measure.Wall("backup: the same, against integrity_check by sqlite3", checks),
        ];
    }

    private static ChildProgram Verb(BenchData data, params string[] words) =>
        new("dotnet", [SiteProcess.Program, .. words]) { Variables = new Dictionary<string, string> { ["CreditUsage__DataPath"] = data.Folder } };

    /// <summary>Takes away what it made, so that it can be made again.</summary>
    private static async Task<Spent> WithoutAsync(string made, ChildProgram program)
    {
        var spent = await program.RunAsync();
        if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        else File.Delete(made);
        return spent;
    }
}
