using System.CommandLine;
using CreditUsage.Core;
using CreditUsage.Core.Backups;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Backups;

/// <summary>From an engine to the other.</summary>
public static class CopyDatabaseVerb
{
    public static Command Create(VerbHost host)
    {
        var to = new Option<string>("--to") { Description = "The connection string of an empty database on a server, or a data folder that does not exist", Required = true };
        var command = new Command("copy-database", "Copies everything, files included, into an empty database of either engine, and checks all of it there; the source stays as it is") { to };
        command.SetAction((parsed, cancellation) => host.RunAsync(OnData.AsItIs, services => RunAsync(host, services, parsed.GetValue(to)!, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(VerbHost host, IServiceProvider source, string to, CancellationToken cancellation)
    {
        if ((await source.GetRequiredService<CreditUsageDb>().Database.GetPendingMigrationsAsync(cancellation)).Any())
            throw new UserFacingException("The database is of an earlier version of the program. The verb migrate brings it up to date; then copy it.");
        var engine = DatabaseEngine.ProviderOf(to);
        if (!DatabaseEngine.IsShared(engine) && Path.Exists(to)) throw new UserFacingException($"{to} exists already. Name a folder that does not.");
        return await host.RunAsync(SettingsOf(engine, to), async target =>
        {
            var copied = await source.GetRequiredService<CopyDatabase>().IntoAsync(target, cancellation);
            foreach (var table in copied.Tables.Where(table => table.Rows > 0)) Console.Out.WriteLine($"{table.Name}: {Display.Count(table.Rows, "row", "rows")}, SHA-256 {table.Sha256}");
            Console.Out.WriteLine($"{Display.Count(copied.Files, "file of a report", "files of reports")}, {Display.Count(copied.Uploads, "file of an import", "files of imports")}");
            await using var scope = target.CreateAsyncScope();
            var (problem, counts) = await OnData.VerifyAsync(scope.ServiceProvider, cancellation);
            if (problem is not null) throw new UserFacingException($"The copy is complete, and not right: {problem} Do not use it.");
            Console.Out.WriteLine($"{OnData.Sentence(counts)} Start the site on it with the same keys or certificate: without them everybody signs in anew.");
            return VerbHost.Done;
        }, cancellation);
    }

    private static string[] SettingsOf(DatabaseProvider engine, string to) =>
    [
        $"--CreditUsage:Database:Provider={engine}", $"--ConnectionStrings:{DatabaseEngine.ConnectionName}={(DatabaseEngine.IsShared(engine) ? to : "")}",
        // Whoever it names must be the owner: rows are copied past the walls between clinics.
        $"--ConnectionStrings:{DatabaseEngine.MigrationsConnectionName}=",
        .. DatabaseEngine.IsShared(engine) ? [OnData.Migrated] : OnData.Within(to),
    ];
}
