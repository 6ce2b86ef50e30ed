using System.Globalization;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CsvHelper;

namespace CreditUsage.Core.Files;

/// <summary>The report as CSV: UTF-8 with BOM, RFC 4180, CRLF. Rows are streamed.</summary>
public static class UsageCsv
{
    /// <summary>In the file's order, each with the report's column that shows it; the event's id has none and is always there.</summary>
    private static readonly Field[] Fields =
    [
        new(UsageColumn.Date, "Date (GMT)", row => row.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new(UsageColumn.Date, "Time (GMT)", row => row.Kind == UsageKind.ConnectedSession ? row.OccurredAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : ""),
        new(UsageColumn.Kind, "Kind", row => row.Kind.Label()),
        new(UsageColumn.Staff, "Staff", row => SpreadsheetText.Defused(row.Staff)),
        new(UsageColumn.Client, "Client", row => SpreadsheetText.Defused(row.ClientOrCard)),
        new(UsageColumn.Program, "Program", row => SpreadsheetText.Defused(row.Program)),
        new(UsageColumn.Client, "Device", row => row.DeviceId),
        new(UsageColumn.Duration, "Duration (minutes)", row => row.DurationMinutes?.ToString(CultureInfo.InvariantCulture)),
        new(UsageColumn.Credits, "Credits", row => Text(row.Credits)),
        new(UsageColumn.Cost, "Cost (GBP)", row => Pounds(row.CostPence)),
    ];

    private static readonly Field[] Always =
    [
        new(default, "Event", row => SpreadsheetText.Defused(row.EventId)),
        new(default, "Note", row => SpreadsheetText.Defused(row.Mark ?? "")),
    ];

    private static readonly (string Header, Func<UsageTotal, string> Of)[] Figures =
    [
        ("Events", total => Text(total.Events)), ("Corrections", total => Text(total.Corrections)), ("Duration (minutes)", total => Text(total.Minutes)), ("Device-days", total => Text(total.DeviceDays)),
        ("Credits", total => Text(total.Credits)), ("Cost (GBP)", total => Pounds(total.CostPence)),
    ];

    /// <summary>A line for each row; for each group where the report shows subtotals alone.</summary>
    /// <param name="rows">Not read for subtotals alone.</param>
    public static async Task WriteAsync(Stream stream, CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(rows);
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        await (report.Filter.SubtotalsOnly ? WriteGroupsAsync(csv, report, cancellation) : WriteRowsAsync(csv, report.Filter.Columns, rows, cancellation));
    }

    private static async Task WriteRowsAsync(CsvWriter csv, UsageColumns columns, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        Field[] fields = [.. columns.AreAll ? Fields : columns.Visible.SelectMany(column => Fields.Where(field => field.Column == column)), .. Always];
        foreach (var field in fields) csv.WriteField(field.Header);
        await csv.EndRecordAsync(cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            foreach (var field in fields) csv.WriteField(field.Of(row));
            await csv.EndRecordAsync(cancellation);
        }
    }

    private static async Task WriteGroupsAsync(CsvWriter csv, CreditUsageReport report, CancellationToken cancellation)
    {
        csv.WriteField(report.Filter.GroupBy!.Value.Label());
        foreach (var (header, _) in Figures) csv.WriteField(header);
        await csv.EndRecordAsync(cancellation);
        foreach (var group in report.Groups!)
        {
            csv.WriteField(SpreadsheetText.Defused(group.Title));
            foreach (var (_, of) in Figures) csv.WriteField(of(group.Total));
            await csv.EndRecordAsync(cancellation);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Pounds(long? pence) => pence is { } known ? (known / 100m).ToString("0.00", CultureInfo.InvariantCulture) : "";

    private sealed record Field(UsageColumn Column, string Header, Func<UsageRow, string?> Of);
}

public sealed class MonthFiles(ReportQuery query)
{
    public async Task WriteCsvAsync(UsageMonth month, Stream stream, CancellationToken cancellation)
    {
        var report = await query.OpenAsync(ReportFilter.Whole(month), cancellation);
        try
        {
            await UsageCsv.WriteAsync(stream, report, report.RowsAsync(cancellation), cancellation);
        }
        finally
        {
            await report.EndAsync();
        }
    }
}
