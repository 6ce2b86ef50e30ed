using System.Globalization;
using CreditUsage.Domain.Auditing;
using CsvHelper;

namespace CreditUsage.Core.Files;

/// <summary>The audit as CSV: UTF-8 with BOM, RFC 4180, CRLF. Entries are streamed.</summary>
public static class AuditCsv
{
    private static readonly string[] Columns = ["Number", "At (GMT)", "Who", "Action", "Subject", "Detail", "Hash"];

    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<AuditEntry> entries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        foreach (var column in Columns) csv.WriteField(column);
        await csv.EndRecordAsync(cancellation);
        await foreach (var entry in entries.WithCancellation(cancellation))
        {
            WriteRow(csv, entry);
            await csv.EndRecordAsync(cancellation);
        }
    }

    private static void WriteRow(CsvWriter csv, AuditEntry entry)
    {
        csv.WriteField(entry.Sequence.ToString(CultureInfo.InvariantCulture));
        csv.WriteField(entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        csv.WriteField(SpreadsheetText.Defused(entry.Actor));
        csv.WriteField(SpreadsheetText.Defused(AuditLabels.Of(entry.Action)));
        csv.WriteField(SpreadsheetText.Defused(entry.Subject));
        csv.WriteField(SpreadsheetText.Defused(entry.Detail));
        csv.WriteField(entry.Hash);
    }
}
