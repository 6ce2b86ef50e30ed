using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Core.Tables;
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

    /// <param name="file">Read once and never held whole.</param>
    /// <param name="mapping">Null for the columns of domain.md.</param>
    /// <param name="leaveOut">Lines that are left out; null for none.</param>
    /// <param name="record">Takes the valid rows; neither committed nor disposed here.</param>
    /// <exception cref="UserFacingException">The file as a whole cannot be read.</exception>
    public async Task<ReadResult> RunAsync(TableFile file, ColumnMapping? mapping, IReadOnlySet<int>? leaveOut, RecordUsage record, ImportFaults faults, Func<int, Task>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(faults);
        var (rows, leftOut) = (0, new LeftOut());
        var understand = new UnderstandRow(mapping, await ValidatorAsync(cancellation), leftOut);
        await foreach (var row in UsageCsvFile.ReadAsync(file, mapping, leftOut, cancellation))
        {
            if (++rows > limits.MaxRows) throw new UserFacingException($"The file has more than {limits.MaxRows:N0} rows. Split it into smaller files, each with the column names.");
            if (leaveOut?.Contains(row.Line) == true) leftOut.Doubles++;
            else if (understand.Read(row, out var wrong) is { } valid) faults.Add(await record.AddAsync(row.Line, valid, cancellation));
            else faults.Add(row.Line, wrong);
            if (rows % RowsAtOnce != 0) continue;
            await SettleAsync(record, faults, cancellation);
            if (progress is not null) await progress(rows);
        }
        await SettleAsync(record, faults, cancellation);
        return new ReadResult(rows, ImportNotes.Of(file.Format, leftOut, record));
    }

    public async Task<UsageValidator> ValidatorAsync(CancellationToken cancellation)
    {
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.RequireSubscriptionId(), cancellation);
        return new UsageValidator(subscription.StartsOn, clock.GetUtcNow());
    }

    private static async Task SettleAsync(RecordUsage record, ImportFaults faults, CancellationToken cancellation)
    {
        faults.Add(await record.FlushAsync(cancellation));
        faults.Settle();
    }
}

/// <summary>Reads one row by a mapping and validates it.</summary>
public sealed class UnderstandRow(ColumnMapping? mapping, UsageValidator validator, LeftOut leftOut)
{
    private readonly MappedUsage? _mapped = mapping is null ? null : new MappedUsage(mapping);

    /// <returns>Null with the faults of a row that is not valid.</returns>
    public UsageRecord? Read(UsageCsvRow row, out IReadOnlyList<UsageFault> faults)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Input is not { } input)
        {
            faults = [new UsageFault(row.Field, row.Fault!)];
            return null;
        }
        var unread = new List<UsageFault>();
        if (_mapped is not null) input = _mapped.Read(input, unread);
        var record = validator.Validate(WholeDevice(input), out faults);
        if (unread.Count == 0) return record;
        faults = [.. unread, .. faults.Where(fault => !unread.Exists(known => known.Field == fault.Field))];
        return null;
    }

    private UsageInput WholeDevice(UsageInput input)
    {
        if (!DeviceZeros.TryRestore(input.DeviceId, out var whole)) return input;
        leftOut.Zeros(input.DeviceId.Trim(), whole);
        return input with { DeviceId = whole };
    }
}

/// <param name="Rows">Lines with an event, valid or not.</param>
public sealed record ReadResult(int Rows, IReadOnlyList<string> Notes);

/// <summary>What a file has beside its events, and lacks: columns that are not known here, rows whose fields are all empty, zeros that a spreadsheet dropped.</summary>
public sealed class LeftOut
{
    private const int Examples = 3;

    public ICollection<string> Columns { get; } = [];

    public int EmptyRows { get; set; }

    /// <summary>Rows that equal recorded events in all but their id.</summary>
    public int Doubles { get; set; }

    public int ShortDevices { get; private set; }

    /// <summary>The first different ones, as "123456789 is 0123456789".</summary>
    public ICollection<string> ShortDeviceExamples { get; } = [];

    public void Zeros(string device, string whole)
    {
        ShortDevices++;
        if (ShortDeviceExamples.Count < Examples && $"{device} is {whole}" is var example && !ShortDeviceExamples.Contains(example)) ShortDeviceExamples.Add(example);
    }
}

/// <summary>Sentences to read before a file is stored; none of them prevents the import.</summary>
public static class ImportNotes
{
    public static IReadOnlyList<string> Of(FileFormat format, LeftOut leftOut, RecordUsage record)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(leftOut);
        ArgumentNullException.ThrowIfNull(record);
        var notes = record.Late.Select(late =>
            $"{Display.Count(late.Value, "event is", "events are")} of {late.Key.Own.Name}, which is closed: the report of {late.Key.Shown.Name} shows {(late.Value == 1 ? "it" : "them")}.").ToList();
        if (format is not { IsWorkbook: false, Encoding: FileEncoding.Utf8, Separator: ',' }) notes.Add($"The file was read as {format.Name}.{(format.Encoding == FileEncoding.Windows1252 ? " Look at the names before you import." : "")}");
        if (leftOut.ShortDevices > 0)
            notes.Add($"{Display.Count(leftOut.ShortDevices, "device id has", "device ids have")} lost {(leftOut.ShortDevices == 1 ? "its" : "their")} first zeros, as spreadsheets drop them; they were put back: {string.Join(", ", leftOut.ShortDeviceExamples)}.");
        if (leftOut.Doubles > 0) notes.Add($"{Display.Count(leftOut.Doubles, "row is", "rows are")} left out, since equal events are recorded under other ids.");
        var columns = leftOut.Columns;
        if (columns.Count > 0) notes.Add($"{(columns.Count == 1 ? "One column is" : $"{columns.Count} columns are")} not known and left out: {string.Join(", ", columns)}.");
        if (leftOut.EmptyRows > 0) notes.Add($"{Display.Count(leftOut.EmptyRows, "row has", "rows have")} no data and {(leftOut.EmptyRows == 1 ? "is" : "are")} left out.");
        return notes;
    }
}
