using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CreditUsage.Features.UsageEvents;

/// <summary>An event as the API takes it, for its description: <see cref="UsageEventsJson"/> reads what is sent. No other members are allowed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record UsageEventToSend
{
    [JsonPropertyName("event_id"), Description("The caller's own id, unique within the subscription; printable ASCII without spaces, at most 100.")]
    public required string EventId { get; init; }

    [JsonPropertyName("kind"), Description("connected-session or daily-top-up")]
    public required string Kind { get; init; }

    [JsonPropertyName("occurred_at"), Description("An instant with its offset for a session (2026-10-01T09:30:00Z), a date for a top-up (2026-10-01).")]
    public required string OccurredAt { get; init; }

    [JsonPropertyName("staff_id")]
    public required string StaffId { get; init; }

    [JsonPropertyName("staff_name"), Description("At most 200 characters.")]
    public required string StaffName { get; init; }

    [JsonPropertyName("client_id"), Description("May be absent for a top-up.")]
    public string? ClientId { get; init; }

    [JsonPropertyName("client_name"), Description("At most 200 characters; may be absent for a top-up.")]
    public string? ClientName { get; init; }

    [JsonPropertyName("program"), Description("At most 200 characters.")]
    public required string Program { get; init; }

    [JsonPropertyName("device_id"), Description("Ten digits, for a top-up alone.")]
    public string? DeviceId { get; init; }

    [JsonPropertyName("identity_note"), Description("Goes with the device.")]
    public string? IdentityNote { get; init; }

    [JsonPropertyName("duration_minutes"), Description("Whole minutes up to 1,440, for a session alone.")]
    public int? DurationMinutes { get; init; }

    [JsonPropertyName("credits"), Description("Absent: one for every five minutes begun, 1 for a top-up.")]
    public int? Credits { get; init; }

    [JsonPropertyName("cost_gbp"), Description("Pounds with at most two decimals. Absent: credits times the price of the day.")]
    public decimal? CostGbp { get; init; }
}
