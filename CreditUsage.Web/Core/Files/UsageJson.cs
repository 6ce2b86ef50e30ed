using System.Globalization;
using System.Text.Json;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Files;

/// <summary>The report as JSON, money as integer pence. Rows are streamed.</summary>
public static class UsageJson
{
    private const int FlushBytes = 32 * 1024;

    /// <summary>The last field of the head; only an anonymised edition has it.</summary>
    internal const string Edition = "edition";

    /// <summary>As the page shows it: groups without rows where it shows subtotals alone.</summary>
    /// <param name="rows">Not read for subtotals alone.</param>
    public static async Task WriteAsync(Stream stream, CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!report.Filter.SubtotalsOnly)
        {
            await WriteEveryRowAsync(stream, report, rows, cancellation);
            return;
        }
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        WriteHead(json, report);
        json.WriteStartArray("rows");
        json.WriteEndArray();
        WriteGroups(json, report);
        WriteTotals(json, report);
        json.WriteEndObject();
    }

    /// <summary>What the hash of a report covers, whether or not its rows are shown.</summary>
    internal static async Task WriteEveryRowAsync(Stream stream, CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var fields = FieldsOf(report.Filter.Columns);
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        WriteHead(json, report);
        json.WriteStartArray("rows");
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            WriteRow(json, fields, row);
            if (json.BytesPending > FlushBytes) await json.FlushAsync(cancellation);
        }
        json.WriteEndArray();
        WriteTotals(json, report);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, CreditUsageReport report)
    {
        json.WriteString("subscription", report.Subscription.Name);
        json.WriteString("month", report.Filter.Month.ToString());
        json.WriteStartArray("kinds");
        foreach (var kind in report.Filter.Kinds) json.WriteStringValue(kind.Code());
        json.WriteEndArray();
        if (report.Filter.Copy is { } copy) json.WriteString("copy", copy);
        WriteCriteria(json, report);
        json.WriteString("generatedAt", Instant(report.AsAt));
        json.WriteString("currency", report.Subscription.Currency);
        if (report.Edition is { } edition) json.WriteString(Edition, edition.Sentence);
    }

    private static void WriteCriteria(Utf8JsonWriter json, CreditUsageReport report)
    {
        if (report.Criteria.Count == 0) return;
        json.WriteStartArray("criteria");
        foreach (var criterion in report.Criteria) json.WriteStringValue($"{criterion.Label}: {criterion.Value}");
        json.WriteEndArray();
    }

    /// <summary>In the file's order, each with the report's column that shows it; the event's id has none and is always there.</summary>
    private static readonly (UsageColumn Of, Action<Utf8JsonWriter, UsageRow> Write)[] Fields =
    [
        (UsageColumn.Kind, (json, row) => json.WriteString("kind", row.Kind.Code())),
        (UsageColumn.Date, (json, row) => json.WriteString("occurredAt", row.Kind == UsageKind.ConnectedSession ? Instant(row.OccurredAt) : Day(row.ServiceDate))),
        (UsageColumn.Date, (json, row) => json.WriteString("serviceDate", Day(row.ServiceDate))),
        (UsageColumn.Staff, (json, row) => json.WriteString("staff", row.Staff)),
        (UsageColumn.Client, (json, row) => json.WriteString("client", row.Client)),
        (UsageColumn.Program, (json, row) => json.WriteString("program", row.Program)),
        (UsageColumn.Client, (json, row) => json.WriteString("deviceId", row.DeviceId)),
        (UsageColumn.Client, (json, row) => json.WriteString("identityNote", row.IdentityNote)),
        (UsageColumn.Duration, (json, row) => WriteNumber(json, "durationMinutes", row.DurationMinutes)),
        (UsageColumn.Credits, (json, row) => json.WriteNumber("credits", row.Credits)),
        (UsageColumn.Cost, (json, row) => WriteNumber(json, "unitPrice", row.UnitPriceMicros / (decimal)CreditPrice.MicrosPerPound)),
        (UsageColumn.Cost, (json, row) => WriteNumber(json, "costPence", row.CostPence)),
    ];

    private static Action<Utf8JsonWriter, UsageRow>[] FieldsOf(UsageColumns columns) =>
        [.. columns.AreAll ? Fields.Select(field => field.Write) : columns.Visible.SelectMany(column => Fields.Where(field => field.Of == column).Select(field => field.Write))];

    private static void WriteRow(Utf8JsonWriter json, Action<Utf8JsonWriter, UsageRow>[] fields, UsageRow row)
    {
        json.WriteStartObject();
        json.WriteString("eventId", row.EventId);
        foreach (var write in fields) write(json, row);
        WriteMarks(json, row);
        json.WriteEndObject();
    }

    private static void WriteMarks(Utf8JsonWriter json, UsageRow row)
    {
        if (row.BelongsTo is { } month) json.WriteString("belongsTo", month.ToString());
        if (row.Correction is not { } correction) return;
        json.WriteString("corrects", correction.EventId);
        json.WriteString("correction", correction.Kind == CorrectionKind.Reversal ? "reversal" : "adjustment");
        if (correction.Reason.Length > 0) json.WriteString("reason", correction.Reason);
    }

    private static void WriteGroups(Utf8JsonWriter json, CreditUsageReport report)
    {
        json.WriteString("groupedBy", report.Filter.GroupBy!.Value.Word());
        json.WriteStartArray("groups");
        foreach (var group in report.Groups!)
        {
            json.WriteStartObject();
            json.WriteString("group", group.Title);
            json.WriteNumber("corrections", group.Total.Corrections);
            WriteFigures(json, group.Total);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteTotals(Utf8JsonWriter json, CreditUsageReport report)
    {
        json.WriteStartObject("totals");
        foreach (var (name, total) in new[] { ("sessions", report.Sessions), ("topUps", report.TopUps), ("all", report.All) })
        {
            json.WriteStartObject(name);
            WriteFigures(json, total);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, UsageTotal total)
    {
        json.WriteNumber("events", total.Events);
        json.WriteNumber("minutes", total.Minutes);
        json.WriteNumber("deviceDays", total.DeviceDays);
        json.WriteNumber("credits", total.Credits);
        WriteNumber(json, "costPence", total.CostPence);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
