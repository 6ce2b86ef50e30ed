using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Reads an uploaded file through and says what storing it would do. Locks nobody out and records no event.</summary>
public sealed class CheckImport(CreditUsageDb db, ImportFiles files, ReadUsage read, ImportProgress progress, ImportLimits limits, TimeProvider clock)
{
    /// <exception cref="Platform.UserFacingException">The file as a whole cannot be read.</exception>
    public async Task RunAsync(UsageImport import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        await using var content = files.Open(import.Id);
        await FileContent.CheckAsync(content, cancellation);
        await using var file = new HashedStream(content, limits);
        await using var list = new FaultList(files.WriteFaults(import.Id));
        var faults = new ImportFaults(list.Add);
        var record = await RecordUsage.RehearseAsync(db, clock.GetUtcNow(), cancellation);
        await using (record)
        {
            var done = await read.RunAsync(file, record, faults, rows => progress.TellAsync(import, rows, cancellation), cancellation);
            await list.DisposeAsync();
            files.KeepFaults(import.Id, faults.Count > 0);
            files.KeepNotes(import.Id, done.Notes);
            (import.Rows, import.Accepted, import.Duplicates, import.ErrorCount) = (done.Rows, record.Accepted, record.Duplicates, faults.Count);
        }
        await SaveAsync(import, cancellation);
    }

    private Task SaveAsync(UsageImport import, CancellationToken cancellation) =>
        db.UsageImports.Where(row => row.Id == import.Id && row.State == UsageImportState.Checking).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, UsageImportState.Checked)
                .SetProperty(row => row.Rows, import.Rows).SetProperty(row => row.RowsDone, import.Rows)
                .SetProperty(row => row.Accepted, import.Accepted).SetProperty(row => row.Duplicates, import.Duplicates).SetProperty(row => row.ErrorCount, import.ErrorCount),
            cancellation);
}
