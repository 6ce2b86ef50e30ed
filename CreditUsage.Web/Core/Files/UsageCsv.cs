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
        new(UsageColumn.Kind, "Kind", row => SpreadsheetText.Defused(row.KindAndMark)),
        new(UsageColumn.Staff, "Staff", row => SpreadsheetText.Defused(row.Staff)),
        new(UsageColumn.Client, "Client", row => SpreadsheetText.Defused(row.ClientOrCard)),
        new(UsageColumn.Program, "Program", row => SpreadsheetText.Defused(row.Program)),
        new(UsageColumn.Client, "Device", row => row.DeviceId),
        new(UsageColumn.Duration, "Duration (minutes)", row => row.DurationMinutes?.ToString(CultureInfo.InvariantCulture)),
        new(UsageColumn.Credits, "Credits", row => row.Credits.ToString(CultureInfo.InvariantCulture)),
        new(UsageColumn.Cost, "Cost (GBP)", row => row.CostPence is { } pence ? (pence / 100m).ToString("0.00", CultureInfo.InvariantCulture) : ""),
    ];

    private static readonly Field Event = new(default, "Event", row => SpreadsheetText.Defused(row.EventId));

    public static async Task WriteAsync(Stream stream, UsageColumns columns, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Field[] fields = [.. columns.AreAll ? Fields : columns.Visible.SelectMany(column => Fields.Where(field => field.Column == column)), Event];
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        foreach (var field in fields) csv.WriteField(field.Header);
        await csv.EndRecordAsync(cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            foreach (var field in fields) csv.WriteField(field.Of(row));
            await csv.EndRecordAsync(cancellation);
        }
    }

    private sealed record Field(UsageColumn Column, string Header, Func<UsageRow, string?> Of);
}

public sealed class MonthFiles(ReportQuery query)
{
    public async Task WriteCsvAsync(UsageMonth month, Stream stream, CancellationToken cancellation)
    {
        var report = await query.OpenAsync(ReportFilter.Whole(month), cancellation);
        try
        {
            await UsageCsv.WriteAsync(stream, report.Filter.Columns, report.RowsAsync(cancellation), cancellation);
        }
        finally
        {
            await report.EndAsync();
        }
    }
}
