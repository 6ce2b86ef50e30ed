using System.Diagnostics;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Reads an uploaded file and counts what storing it would do. Takes no write lock and records no event.</summary>
public sealed class CheckImport(CreditUsageDb db, ImportFiles files, OpenTableFile open, ImportReader read, ImportProgress progress, TimeProvider clock)
{
    /// <exception cref="Platform.UserFacingException">The file as a whole cannot be read.</exception>
    public async Task RunAsync(UsageImport import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        await using var content = await files.OpenUploadAsync(import.Id, cancellation);
        await using var file = await open.RunAsync(content, cancellation);
        await using var list = new FaultList(files.Receive(import.Id, ImportFileKind.Faults));
        var faults = new ImportFaults(list.Add);
        var doubles = import.LeaveOutDoubles ? await DoublesFile.LinesAsync(files, import.Id, cancellation) : null;
        IReadOnlyList<string> notes;
        IReadOnlyList<DoubleRow> found;
        ArrivingUsage arriving;
        await using (var record = await RecordUsage.BeginDryRunAsync(db, clock.GetUtcNow(), cancellation))
        {
            var done = await read.RunAsync(file, import.Mapping, doubles, record, faults, rows => progress.ReportAsync(import, rows, cancellation), cancellation);
            (import.Rows, import.Accepted, import.Duplicates, import.ErrorCount, notes) = (done.Rows, record.Accepted, record.Duplicates, faults.Count, done.Notes);
            (arriving, found) = (record.Arriving!, await record.DoublesAsync(cancellation));
        }
        // After the dry run, whose transaction leaves nothing.
        await list.DisposeAsync();
        await files.KeepFaultsAsync(import.Id, faults.Count > 0, cancellation);
        await files.KeepNotesAsync(import.Id, notes, cancellation);
        await files.KeepPreviewAsync(import.Id, await ImportPreview.OfAsync(db, arriving, found, cancellation), cancellation);
        if (doubles is null) await DoublesFile.KeepAsync(files, import.Id, found, cancellation);
        await SaveAsync(import, cancellation);
    }

    /// <summary>Asks for the columns of a file that does not have those of domain.md.</summary>
    public Task AskForColumnsAsync(UsageImport import, CancellationToken cancellation) =>
        db.UsageImports.Where(row => row.Id == import.Id && row.State == UsageImportState.Checking).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, UsageImportState.NeedsColumns).SetProperty(row => row.RowsDone, 0), cancellation);

    private Task SaveAsync(UsageImport import, CancellationToken cancellation) =>
        db.UsageImports.Where(row => row.Id == import.Id && row.State == UsageImportState.Checking).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, UsageImportState.Checked)
                .SetProperty(row => row.Rows, import.Rows).SetProperty(row => row.RowsDone, import.Rows)
                .SetProperty(row => row.Accepted, import.Accepted).SetProperty(row => row.Duplicates, import.Duplicates).SetProperty(row => row.ErrorCount, import.ErrorCount),
            cancellation);
}

/// <summary>Stores the progress of a check or a reversal, on a connection of its own: what they do is not seen before its end.</summary>
public sealed class ImportProgress(IServiceScopeFactory scopes)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);

    private long _told = Stopwatch.GetTimestamp();

    public async Task ReportAsync(UsageImport import, int rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        if (Stopwatch.GetElapsedTime(_told) < Often) return;
        try
        {
            await scopes.InSubscriptionAsync(import.SubscriptionId, services => services.GetRequiredService<CreditUsageDb>().UsageImports
                .Where(row => row.Id == import.Id && row.State == import.State).ExecuteUpdateAsync(set => set.SetProperty(row => row.RowsDone, rows), cancellation));
        }
        catch (Exception problem) when (DatabaseFailure.IsBusy(problem))
        {
            // Another writer is busy for long: the check goes on, and the next figure is stored.
        }
        _told = Stopwatch.GetTimestamp();
    }
}
