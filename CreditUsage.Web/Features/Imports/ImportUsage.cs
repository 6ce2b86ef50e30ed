using System.CommandLine;
using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Imports;

/// <summary>Imports a file in one step, without a preview: everything is checked, and all of it is stored or nothing.</summary>
public sealed class ImportUsage(CreditUsageDb db, CurrentSubscription current, OpenTableFile open, ImportReader read, ImportTurns turns, AuditLog audit, TimeProvider clock)
{
    /// <param name="mapping">Null for the columns of domain.md.</param>
    /// <param name="leaveOutDoubles">Leaves rows out that equal recorded events in all but their id. The stream must be able to seek.</param>
    /// <exception cref="UserFacingException">The file as a whole cannot be read.</exception>
    public async Task<ImportResult> RunAsync(Stream stream, string fileName, ColumnMapping? mapping, bool dryRun, CancellationToken cancellation, bool leaveOutDoubles = false)
    {
        IReadOnlySet<int>? doubles = null;
        if (leaveOutDoubles)
        {
            if (!stream.CanSeek) throw new UserFacingException("Rows can only be left out of a file, not of what is piped in. Name a file.");
            doubles = (await RunAsync(stream, fileName, mapping, dryRun: true, cancellation)).Doubles!.Select(row => row.Line).ToHashSet();
            stream.Position = 0;
        }
        var (faults, now) = (new ImportFaults(), clock.GetUtcNow());
        await using var file = await open.RunAsync(stream, cancellation);
        ImportResult result;
        ArrivingUsage? arriving;
        await using (var record = dryRun ? await RecordUsage.BeginDryRunAsync(db, now, cancellation) : await RecordUsage.BeginImportAsync(db, turns, current.Actor, clock, cancellation))
        {
            var done = await read.RunAsync(file, mapping, doubles, record, faults, null, cancellation);
            var stored = faults.Count == 0 && !dryRun;
            if (stored) await StoreAsync(Row(file, fileName, mapping, done.Rows, now), record, cancellation);
            arriving = record.Arriving;
            result = new ImportResult(record.Accepted, record.Duplicates, faults.Count, faults.Listed, stored) { Notes = done.Notes, Doubles = dryRun ? await record.DoublesAsync(cancellation) : null };
        }
        return arriving is null ? result : result with { Preview = await ImportPreview.OfAsync(db, arriving, result.Doubles!, cancellation) };
    }

    private async Task StoreAsync(UsageImport import, RecordUsage record, CancellationToken cancellation)
    {
        if (!await record.BeginCommitAsync(cancellation)) throw new UserFacingException("The data changed while the file was read, so nothing was imported. Import it again.");
        import.StoreAs(record, import.UploadedBy, import.UploadedAt);
        db.Add(import);
        await audit.AddAsync(AuditAction.Import, import.AuditSubject(), import.AuditDetail(), cancellation);
        await record.CommitAsync(cancellation);
    }

    private UsageImport Row(TableFile file, string fileName, ColumnMapping? mapping, int rows, DateTimeOffset now) => new()
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
        Mapping = mapping,
    };
}

/// <param name="ErrorCount">All faults; <paramref name="Errors"/> lists the first.</param>
/// <param name="Stored">Whether the new events are in the database: never when there is a fault.</param>
public sealed record ImportResult(int Accepted, int Duplicates, int ErrorCount, IReadOnlyList<RowError> Errors, bool Stored)
{
    /// <summary>Sentences to read, of which none prevents the import.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Rows that equal recorded events in all but their id; null where events were stored.</summary>
    public IReadOnlyList<DoubleRow>? Doubles { get; init; }

    /// <summary>Null where events were stored.</summary>
    public ImportPreview? Preview { get; init; }
}

public static class ImportVerb
{
    public static Command Create(VerbHost host)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The file of usage events: CSV or an Excel workbook (.xlsx)" };
        var subscription = VerbOptions.Subscription();
        var dryRun = new Option<bool>("--dry-run") { Description = "Check everything and store nothing" };
        var mapping = new Option<string?>("--mapping") { Description = "The name under which the columns of such a file are remembered; without it they are those of the template" };
        var leaveOutDoubles = new Option<bool>("--leave-out-doubles") { Description = "Leave out rows that equal recorded events in all but their id; --dry-run lists them" };
        var command = new Command("import", "Imports usage events, all or nothing") { file, subscription, dryRun, mapping, leaveOutDoubles };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(file)!, parsed.GetValue(mapping), parsed.GetValue(dryRun), parsed.GetValue(leaveOutDoubles), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, FileInfo file, string? mapping, bool dryRun, bool leaveOutDoubles, CancellationToken cancellation)
    {
        await using var stream = Open(file);
        var columns = mapping is null ? null : await services.GetRequiredService<ImportMappings>().NamedAsync(mapping, cancellation);
        var result = await services.GetRequiredService<ImportUsage>().RunAsync(stream, file.Name, columns, dryRun, cancellation, leaveOutDoubles);
        Console.Out.WriteLine($"{result.Accepted} {(result.Stored ? "accepted" : "would be accepted")}, {result.Duplicates} duplicates, {result.ErrorCount} errors");
        foreach (var note in result.Notes) Console.Out.WriteLine(note);
        if (result.Preview is { } preview) Write(preview);
        foreach (var error in result.Errors) Console.Error.WriteLine($"line {error.Line}: {error.Field}: {error.Message}");
        if (result.ErrorCount > result.Errors.Count) Console.Error.WriteLine($"and {result.ErrorCount - result.Errors.Count} more");
        if (result.ErrorCount > 0) Console.Error.WriteLine("Nothing was stored. Correct the lines above and import the file again.");
        else if (dryRun) Console.Out.WriteLine("Nothing was stored: this was a dry run.");
        return result.ErrorCount == 0 ? VerbHost.Done : VerbHost.Failed;
    }

    private static void Write(ImportPreview preview)
    {
        foreach (var month in preview.Months)
            Console.Out.WriteLine($"{month.Month} {month.Kind.Code()}: {Text(month.New)}; there already: {Text(month.There)}");
        if (preview.Doubles == 0) return;
        Console.Out.WriteLine($"{Display.Count(preview.Doubles, "row equals a recorded event", "rows equal recorded events")} in all but the id:");
        foreach (var row in preview.FirstDoubles) Console.Out.WriteLine($"line {row.Line}: {row.EventId} equals {row.Recorded}");
        if (preview.Doubles > preview.FirstDoubles.Count) Console.Out.WriteLine($"and {preview.Doubles - preview.FirstDoubles.Count} more");
    }

    private static string Text(PreviewSum sum) =>
        $"{Display.Count(sum.Events, "event", "events")}, {Display.Count(sum.Credits, "credit", "credits")}, {Display.Pounds(sum.Pence)}{(sum.Unpriced > 0 ? $" and {Display.Number(sum.Unpriced)} without a price" : "")}";

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
