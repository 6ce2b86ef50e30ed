using System.CommandLine;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Imports;

/// <summary>Imports a file in one step, without a preview: everything is checked, and all of it is stored or nothing.</summary>
public sealed class ImportUsage(CreditUsageDb db, CurrentSubscription current, ImportReader read, ImportTurns turns, ImportLimits limits, AuditLog audit, TimeProvider clock)
{
    public Task<ImportResult> RunAsync(Stream stream, bool dryRun, CancellationToken cancellation) => RunAsync(stream, "", dryRun, cancellation);

    /// <exception cref="UserFacingException">The file as a whole cannot be read.</exception>
    public async Task<ImportResult> RunAsync(Stream stream, string fileName, bool dryRun, CancellationToken cancellation)
    {
        await FileContent.CheckAsync(stream, cancellation);
        var (faults, now) = (new ImportFaults(), clock.GetUtcNow());
        await using var file = new HashedStream(stream, limits);
        await using var record = dryRun ? await RecordUsage.BeginDryRunAsync(db, now, cancellation) : await RecordUsage.BeginImportAsync(db, turns, current.Actor, clock, cancellation);
        var done = await read.RunAsync(file, record, faults, null, cancellation);
        var stored = faults.Count == 0 && !dryRun;
        if (stored) await StoreAsync(Row(file, fileName, done.Rows, now), record, cancellation);
        return new ImportResult(record.Accepted, record.Duplicates, faults.Count, faults.Listed, stored) { Notes = done.Notes };
    }

    private async Task StoreAsync(UsageImport import, RecordUsage record, CancellationToken cancellation)
    {
        if (!await record.BeginCommitAsync(cancellation)) throw new UserFacingException("The data changed while the file was read, so nothing was imported. Import it again.");
        import.StoreAs(record, import.UploadedBy, import.UploadedAt);
        db.Add(import);
        await audit.AddAsync(AuditAction.Import, import.AuditSubject(), import.AuditDetail(), cancellation);
        await record.CommitAsync(cancellation);
    }

    private UsageImport Row(HashedStream file, string fileName, int rows, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        SubscriptionId = db.RequireSubscriptionId(),
        FileName = DisplayName.Of(fileName),
        Sha256 = file.Sha256(),
        SizeBytes = file.Bytes,
        UploadedBy = current.Actor,
        UploadedAt = now,
        State = UsageImportState.Storing,
        Rows = rows,
        RowsDone = rows,
    };
}

/// <param name="ErrorCount">All faults; <paramref name="Errors"/> lists the first.</param>
/// <param name="Stored">Whether the new events are in the database: never when there is a fault.</param>
public sealed record ImportResult(int Accepted, int Duplicates, int ErrorCount, IReadOnlyList<RowError> Errors, bool Stored)
{
    /// <summary>Sentences to read, of which none prevents the import.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

public static class ImportVerb
{
    public static Command Create(VerbHost host)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The CSV file of usage events" };
        var subscription = VerbOptions.Subscription();
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything and store nothing" };
        var command = new Command("import", "Imports usage events, all or nothing") { file, subscription, dryRun };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(file)!, parsed.GetValue(dryRun), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, FileInfo file, bool dryRun, CancellationToken cancellation)
    {
        await using var stream = Open(file);
        var result = await services.GetRequiredService<ImportUsage>().RunAsync(stream, file.Name, dryRun, cancellation);
        Console.Out.WriteLine($"{result.Accepted} accepted, {result.Duplicates} duplicates, {result.ErrorCount} errors");
        foreach (var note in result.Notes) Console.Out.WriteLine(note);
        foreach (var error in result.Errors) Console.Error.WriteLine($"line {error.Line}: {error.Field}: {error.Message}");
        if (result.ErrorCount > result.Errors.Count) Console.Error.WriteLine($"and {result.ErrorCount - result.Errors.Count} more");
        if (result.ErrorCount > 0) Console.Error.WriteLine("Nothing was stored. Correct the lines above and import the file again.");
        else if (dryRun) Console.Out.WriteLine("Nothing was stored: this was a dry run.");
        return result.ErrorCount == 0 ? VerbHost.Done : VerbHost.Failed;
    }

    private static FileStream Open(FileInfo file)
    {
        try
        {
            return file.OpenRead();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"{file.FullName} cannot be read: {problem.Message}", problem);
        }
    }
}
