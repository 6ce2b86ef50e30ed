using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CreditUsage.Features.UsageEvents;

/// <summary>A recorded event or correction, in the field names of the CSV.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record RecordedUsageEvent
{
    [JsonPropertyName("event_id")]
    public required string EventId { get; init; }

    [JsonPropertyName("kind"), Description("connected-session or daily-top-up")]
    public required string Kind { get; init; }

    [JsonPropertyName("occurred_at"), Description("An instant in UTC for a session, a date for a top-up.")]
    public required string OccurredAt { get; init; }

    [JsonPropertyName("staff_id")]
    public required string StaffId { get; init; }

    [JsonPropertyName("staff_name")]
    public required string StaffName { get; init; }

    [JsonPropertyName("client_id")]
    public required string? ClientId { get; init; }

    [JsonPropertyName("client_name")]
    public required string? ClientName { get; init; }

    [JsonPropertyName("program")]
    public required string Program { get; init; }

    [JsonPropertyName("device_id"), Description("Ten digits; null for a session.")]
    public required string? DeviceId { get; init; }

    [JsonPropertyName("identity_note")]
    public required string? IdentityNote { get; init; }

    [JsonPropertyName("duration_minutes"), Description("Null for a top-up.")]
    public required int? DurationMinutes { get; init; }

    [JsonPropertyName("credits"), Description("Negative where a correction takes credits back.")]
    public required int Credits { get; init; }

    [JsonPropertyName("cost_gbp"), Description("Pounds with two decimals, as text so that nothing rounds it; null while no price is set for the day.")]
    public required string? CostGbp { get; init; }

    [JsonPropertyName("report_month"), Description("The month whose report shows it.")]
    public required string ReportMonth { get; init; }

    [JsonPropertyName("posted_at"), Description("When the balance of credits fell by it.")]
    public required string PostedAt { get; init; }

    [JsonPropertyName("corrects"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The event that a correction puts right; absent otherwise.")]
    public string? Corrects { get; init; }

    [JsonPropertyName("correction"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("reversal or adjustment; absent where this is no correction.")]
    public string? Correction { get; init; }

    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Why a correction was made; absent otherwise.")]
    public string? Reason { get; init; }
}
