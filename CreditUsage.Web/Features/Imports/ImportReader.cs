using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Goes through a file once: every row is validated and given to the recording. The one way in for page and verb, and for looking as for storing.</summary>
public sealed class ImportReader(CreditUsageDb db, ImportLimits limits, TimeProvider clock)
{
    /// <summary>Rows after which conflicts are asked for, so that faults come in the order of lines, and after which progress is told.</summary>
    private const int RowsAtOnce = 1000;

    /// <param name="stream">The CSV of domain.md, read once and never held whole.</param>
    /// <param name="record">Gets what is right; is neither committed nor disposed here.</param>
    /// <param name="faults">Gets what is wrong.</param>
    /// <param name="progress">Is told the rows so far, now and then.</param>
    /// <exception cref="UserFacingException">The file as a whole cannot be read.</exception>
    public async Task<ReadResult> RunAsync(Stream stream, RecordUsage record, ImportFaults faults, Func<int, Task>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(faults);
        var validator = await ValidatorAsync(cancellation);
        var (rows, ignored) = (0, new List<string>());
        await foreach (var row in UsageCsvFile.ReadAsync(stream, ignored, cancellation))
        {
            if (++rows > limits.MaxRows) throw new UserFacingException($"The file has more than {limits.MaxRows:N0} rows. Split it into smaller files, each with the line of column names.");
            if (Valid(row, validator, faults) is { } valid) faults.Add(await record.AddAsync(row.Line, valid, cancellation));
            if (rows % RowsAtOnce != 0) continue;
            await SettleAsync(record, faults, cancellation);
            if (progress is not null) await progress(rows);
        }
        await SettleAsync(record, faults, cancellation);
        return new ReadResult(rows, ImportNotes.Of(ignored, record));
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

/// <summary>What a file was, besides what is wrong with it.</summary>
/// <param name="Rows">Lines with an event, right or wrong.</param>
/// <param name="Notes">See <see cref="ImportNotes"/>.</param>
public sealed record ReadResult(int Rows, IReadOnlyList<string> Notes);

/// <summary>What is to be known of a file before it is stored, in sentences. Nothing in them hinders the import.</summary>
public static class ImportNotes
{
    /// <param name="ignored">Columns of the file that nobody knows.</param>
    /// <param name="record">After the whole file has gone through it.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> ignored, RecordUsage record)
    {
        ArgumentNullException.ThrowIfNull(ignored);
        ArgumentNullException.ThrowIfNull(record);
        var notes = record.Late.Select(late =>
            $"{Display.Count(late.Value, "event is", "events are")} of {late.Key.Own.Name}, which is closed: the report of {late.Key.Shown.Name} shows {(late.Value == 1 ? "it" : "them")}.").ToList();
        if (ignored.Count > 0) notes.Add($"{(ignored.Count == 1 ? "One column is" : $"{ignored.Count} columns are")} not known here and left out: {string.Join(", ", ignored)}.");
        return notes;
    }
}
