using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Validates every row of a file and passes it to the recording: for the page and the command line, for checking and storing.</summary>
public sealed class ImportReader(CreditUsageDb db, ImportLimits limits, TimeProvider clock)
{
    /// <summary>After so many rows conflicts are looked up, so that faults come in the order of lines, and progress is reported.</summary>
    private const int RowsAtOnce = 1000;

    /// <param name="stream">The CSV of domain.md, read once and never held whole.</param>
    /// <param name="record">Takes the valid rows; neither committed nor disposed here.</param>
    /// <exception cref="UserFacingException">The file as a whole cannot be read.</exception>
    public async Task<ReadResult> RunAsync(Stream stream, RecordUsage record, ImportFaults faults, Func<int, Task>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(faults);
        var validator = await ValidatorAsync(cancellation);
        var (rows, leftOut) = (0, new LeftOut());
        await foreach (var row in UsageCsvFile.ReadAsync(stream, leftOut, cancellation))
        {
            if (++rows > limits.MaxRows) throw new UserFacingException($"The file has more than {limits.MaxRows:N0} rows. Split it into smaller files, each with the column names.");
            if (Valid(row, validator, faults) is { } valid) faults.Add(await record.AddAsync(row.Line, valid, cancellation));
            if (rows % RowsAtOnce != 0) continue;
            await SettleAsync(record, faults, cancellation);
            if (progress is not null) await progress(rows);
        }
        await SettleAsync(record, faults, cancellation);
        return new ReadResult(rows, ImportNotes.Of(leftOut, record));
    }

    private async Task<UsageValidator> ValidatorAsync(CancellationToken cancellation)
    {
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.RequireSubscriptionId(), cancellation);
        return new UsageValidator(subscription.StartsOn, clock.GetUtcNow());
    }

    private static async Task SettleAsync(RecordUsage record, ImportFaults faults, CancellationToken cancellation)
    {
        faults.Add(await record.FlushAsync(cancellation));
        faults.Settle();
    }

    private static UsageRecord? Valid(UsageCsvRow row, UsageValidator validator, ImportFaults faults)
    {
        if (row.Input is null)
        {
            faults.Add(row.Line, [new UsageFault(row.Field, row.Fault!)]);
            return null;
        }
        var record = validator.Validate(row.Input, out var wrong);
        if (wrong.Count > 0) faults.Add(row.Line, wrong);
        return record;
    }
}

/// <param name="Rows">Lines with an event, valid or not.</param>
public sealed record ReadResult(int Rows, IReadOnlyList<string> Notes);

/// <summary>What a file has beside its events: columns that are not known here, and rows whose fields are all empty.</summary>
public sealed class LeftOut
{
    public ICollection<string> Columns { get; } = [];

    public int EmptyRows { get; set; }
}

/// <summary>Sentences to read before a file is stored; none of them prevents the import.</summary>
public static class ImportNotes
{
    public static IReadOnlyList<string> Of(LeftOut leftOut, RecordUsage record)
    {
        ArgumentNullException.ThrowIfNull(leftOut);
        ArgumentNullException.ThrowIfNull(record);
        var notes = record.Late.Select(late =>
            $"{Display.Count(late.Value, "event is", "events are")} of {late.Key.Own.Name}, which is closed: the report of {late.Key.Shown.Name} shows {(late.Value == 1 ? "it" : "them")}.").ToList();
        var columns = leftOut.Columns;
        if (columns.Count > 0) notes.Add($"{(columns.Count == 1 ? "One column is" : $"{columns.Count} columns are")} not known and left out: {string.Join(", ", columns)}.");
        if (leftOut.EmptyRows > 0) notes.Add($"{Display.Count(leftOut.EmptyRows, "row has", "rows have")} no data and {(leftOut.EmptyRows == 1 ? "is" : "are")} left out.");
        return notes;
    }
}
