using System.CommandLine;
using CreditUsage.Core;
using CreditUsage.Core.Backups;
using CreditUsage.Core.Integrity;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.Backups;

public static class BackupVerb
{
    public static Command Create(VerbHost host)
    {
        var path = new Argument<DirectoryInfo>("PATH") { Description = "A folder that does not exist" };
        var command = new Command("backup", "Copies the database and the kept files, while the site runs, and says what they are in a manifest") { path };
        command.SetAction((parsed, cancellation) => host.RunAsync(OnData.AsItIs, services => RunAsync(services, parsed.GetValue(path)!.FullName, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string path, CancellationToken cancellation)
    {
        var manifest = await services.GetRequiredService<MakeBackup>().RunAsync(path, cancellation);
        Console.Out.WriteLine($"Backed up to {path}: {Display.Count(manifest.Files.Count, "file", "files")}, {Display.Number(manifest.Bytes)} bytes.");
        return VerbHost.Done;
    }
}

public static class RestoreVerb
{
    public static Command Create(VerbHost host)
    {
        var path = new Argument<DirectoryInfo>("PATH") { Description = "A backup" };
        var command = new Command("restore", "Restores a backup into an empty data folder, and checks everything before it says so") { path };
        command.SetAction(async (parsed, cancellation) => await RunAsync(host, parsed.GetValue(path)!.FullName, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(VerbHost host, string backup, CancellationToken cancellation)
    {
        var counts = DataCounts.None;
        var (options, connection) = await host.ReadAsync();
        if (!string.IsNullOrEmpty(connection)) throw new UserFacingException("ConnectionStrings__CreditUsage names a database elsewhere. Restore without it, and then move the database there.");
        var manifest = await RestoreBackup.RunAsync(backup, options.DataFolder, CheckAsync, cancellation);
        Console.Out.WriteLine($"Restored the backup of {Display.Moment(manifest.MadeAt)} into {options.DataFolder}. {OnData.Sentence(counts)} The keys are not part of a backup: without them everybody signs in anew.");
        return VerbHost.Done;

        async Task<string?> CheckAsync(string folder)
        {
            string? problem = null;
            await host.RunAsync(OnData.Within(folder), async services =>
            {
                (problem, counts) = await OnData.VerifyAsync(services, cancellation);
                // All of what was migrated into the one file that is renamed.
                services.GetRequiredService<CreditUsageDb>().CloseConnections();
                return VerbHost.Done;
            }, cancellation);
            return problem;
        }
    }
}

public static class VerifyDataVerb
{
    public static Command Create(VerbHost host)
    {
        var path = new Argument<DirectoryInfo?>("PATH") { Description = "A backup; the data folder when left out", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("verify-data", "Recomputes totals, hashes, ledger and audit chain; names the first that does not hold (exit code 1)") { path };
        command.SetAction(async (parsed, cancellation) => parsed.GetValue(path) is { } backup
            ? await BackupAsync(host, backup.FullName, cancellation)
            : await host.RunAsync(OnData.AsItIs, services => AnswerAsync(services, cancellation), cancellation));
        return command;
    }

    private static async Task<int> BackupAsync(VerbHost host, string backup, CancellationToken cancellation)
    {
        var manifest = await BackupManifest.ReadAsync(backup, cancellation);
        if (await manifest.FirstWrongAsync(backup, cancellation) is { } wrong) throw new UserFacingException(wrong);
        return await host.RunAsync(OnData.Kept(backup, (await host.ReadAsync()).Options.Database.Provider), services => AnswerAsync(services, cancellation), cancellation);
    }

    private static async Task<int> AnswerAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var (problem, counts) = await OnData.VerifyAsync(services, cancellation);
        if (problem is not null) throw new UserFacingException(problem);
        Console.Out.WriteLine(OnData.Sentence(counts));
        return VerbHost.Done;
    }
}

internal static class OnData
{
    private const string MigrateOnStart = "--CreditUsage:Database:MigrateOnStart=";

    public const string Migrated = $"{MigrateOnStart}true";

    /// <summary>What is looked at stays as it is.</summary>
    public static readonly IReadOnlyList<string> AsItIs = [$"{MigrateOnStart}false"];

    /// <summary>A data folder that is brought up to date.</summary>
    public static IReadOnlyList<string> Within(string folder) => [$"--CreditUsage:DataPath={folder}", Migrated];

    /// <summary>A backup, in which nothing is written.</summary>
    public static IReadOnlyList<string> Kept(string folder, DatabaseProvider provider) =>
        [$"--CreditUsage:DataPath={folder}", .. AsItIs, $"--ConnectionStrings:{DatabaseEngine.ConnectionName}={DatabaseEngine.ReadOnlyConnection(provider, folder)}"];

    /// <summary>The first thing that does not hold; null where all does.</summary>
    public static async Task<(string? Problem, DataCounts Counts)> VerifyAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var (db, counts) = (services.GetRequiredService<CreditUsageDb>(), DataCounts.None);
        if (db.SizeBytes == 0) throw new UserFacingException($"There is no database in {services.GetRequiredService<IOptions<CreditUsageOptions>>().Value.DataFolder}.");
        if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
            throw new UserFacingException("The database is of an earlier version of the program, so it cannot be checked as it is: the verb migrate brings it up to date, and the verb restore does so with a backup.");
        await foreach (var verified in services.GetRequiredService<VerifyData>().RunAsync(cancellation))
        {
            if (verified.Problem is not null) return (verified.Problem, counts);
            counts += verified.Counts;
        }
        return (null, counts);
    }

    public static string Sentence(DataCounts counts) =>
        $"Everything holds: {Display.Count(counts.Events, "event", "events")}, {Display.Count(counts.ClosedMonths, "closed month", "closed months")}, {Display.Count(counts.Files, "kept file", "kept files")}, {Display.Count(counts.AuditEntries, "audit entry", "audit entries")}.";
}
