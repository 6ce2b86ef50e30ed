using System.Globalization;
using CreditUsage.Domain;
using CreditUsage.Features.Shared;
using CsvHelper;

namespace CreditUsage.Features.UsageReport.Files;

/// <summary>The report as CSV: UTF-8 with BOM, RFC 4180, CRLF. Rows go out as they come.</summary>
public static class UsageCsv
{
    private static readonly string[] Columns =
        ["Date (GMT)", "Time (GMT)", "Kind", "Staff", "Client", "Program", "Device", "Duration (minutes)", "Credits", "Cost (GBP)", "Event"];

    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        foreach (var column in Columns) csv.WriteField(column);
        await csv.EndRecordAsync(cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            WriteRow(csv, row);
            await csv.EndRecordAsync(cancellation);
        }
    }

    private static void WriteRow(CsvWriter csv, UsageRow row)
    {
        csv.WriteField(row.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        csv.WriteField(row.Kind == UsageKind.ConnectedSession ? row.OccurredAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : "");
        csv.WriteField(SpreadsheetText.Defused(row.KindShown));
        csv.WriteField(SpreadsheetText.Defused(row.Staff));
        csv.WriteField(SpreadsheetText.Defused(row.ClientShown));
        csv.WriteField(SpreadsheetText.Defused(row.Program));
        csv.WriteField(row.DeviceId);
        csv.WriteField(row.DurationMinutes?.ToString(CultureInfo.InvariantCulture));
        csv.WriteField(row.Credits.ToString(CultureInfo.InvariantCulture));
        csv.WriteField(row.CostPence is { } pence ? (pence / 100m).ToString("0.00", CultureInfo.InvariantCulture) : "");
        csv.WriteField(SpreadsheetText.Defused(row.EventId));
    }
}
