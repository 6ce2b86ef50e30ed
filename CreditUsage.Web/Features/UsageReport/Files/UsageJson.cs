using System.Globalization;
using System.Text.Json;
using CreditUsage.Domain;

namespace CreditUsage.Features.UsageReport.Files;

/// <summary>The report as JSON, money as integer pence. Rows go out as they come.</summary>
public static class UsageJson
{
    private const int FlushBytes = 32 * 1024;

    public static async Task WriteAsync(Stream stream, CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(rows);
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        WriteHead(json, report);
        json.WriteStartArray("rows");
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            WriteRow(json, row);
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
    }

    /// <summary>What a part of a month is narrowed to; the whole month has none.</summary>
    private static void WriteCriteria(Utf8JsonWriter json, CreditUsageReport report)
    {
        if (report.Criteria.Count == 0) return;
        json.WriteStartArray("criteria");
        foreach (var criterion in report.Criteria) json.WriteStringValue($"{criterion.Label}: {criterion.Value}");
        json.WriteEndArray();
    }

    private static void WriteRow(Utf8JsonWriter json, UsageRow row)
    {
        json.WriteStartObject();
        json.WriteString("eventId", row.EventId);
        json.WriteString("kind", row.Kind.Code());
        json.WriteString("occurredAt", row.Kind == UsageKind.ConnectedSession ? Instant(row.OccurredAt) : Day(row.ServiceDate));
        json.WriteString("serviceDate", Day(row.ServiceDate));
        json.WriteString("staff", row.Staff);
        json.WriteString("client", row.Client);
        json.WriteString("program", row.Program);
        json.WriteString("deviceId", row.DeviceId);
        json.WriteString("identityNote", row.IdentityNote);
        WriteNumber(json, "durationMinutes", row.DurationMinutes);
        json.WriteNumber("credits", row.Credits);
        WriteNumber(json, "unitPrice", row.UnitPriceMicros / (decimal)CreditPrice.MicrosPerPound);
        WriteNumber(json, "costPence", row.CostPence);
        WriteMarks(json, row);
        json.WriteEndObject();
    }

    /// <summary>What only corrections and late events have.</summary>
    private static void WriteMarks(Utf8JsonWriter json, UsageRow row)
    {
        if (row.BelongsTo is { } month) json.WriteString("belongsTo", month.ToString());
        if (row.Correction is not { } correction) return;
        json.WriteString("corrects", correction.EventId);
        json.WriteString("correction", correction.Kind == CorrectionKind.Reversal ? "reversal" : "adjustment");
        if (correction.Reason.Length > 0) json.WriteString("reason", correction.Reason);
    }

    private static void WriteTotals(Utf8JsonWriter json, CreditUsageReport report)
    {
        json.WriteStartObject("totals");
        foreach (var (name, total) in new[] { ("sessions", report.Sessions), ("topUps", report.TopUps), ("all", report.All) })
        {
            json.WriteStartObject(name);
            json.WriteNumber("events", total.Events);
            json.WriteNumber("minutes", total.Minutes);
            json.WriteNumber("deviceDays", total.DeviceDays);
            json.WriteNumber("credits", total.Credits);
            WriteNumber(json, "costPence", total.CostPence);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
