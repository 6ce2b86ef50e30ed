using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.UsageEvents;

/// <summary>A recorded event or correction, in the field names of the CSV.</summary>
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

    [JsonPropertyName("received_at"), Description("When it was recorded here.")]
    public required string ReceivedAt { get; init; }

    [JsonPropertyName("corrects"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("The event that a correction puts right; absent otherwise.")]
    public string? Corrects { get; init; }

    [JsonPropertyName("correction"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("reversal or adjustment; absent where this is no correction.")]
    public string? Correction { get; init; }

    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Why a correction was made; absent otherwise.")]
    public string? Reason { get; init; }
}

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

/// <summary>What was done with a call's events, for the description.</summary>
internal sealed record AcceptedUsage(
    [property: JsonPropertyName("accepted"), Description("Events that are new.")] int Accepted,
    [property: JsonPropertyName("duplicates"), Description("Events that were recorded before, with the same content.")] int Duplicates,
    [property: JsonPropertyName("late"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("New events whose own month is closed, and the month whose report shows them; absent where there are none.")] IReadOnlyList<LateUsage>? Late = null);

internal sealed record LateUsage(
    [property: JsonPropertyName("month"), Description("The events' own month, such as 2026-09.")] string Month,
    [property: JsonPropertyName("report_month"), Description("The month whose report shows them.")] string ReportMonth,
    [property: JsonPropertyName("events")] int Events);

/// <summary>An event and what was corrected of it.</summary>
internal sealed record UsageEventWithCorrections(
    [property: JsonPropertyName("event")] RecordedUsageEvent Event,
    [property: JsonPropertyName("corrections"), Description("In the order in which they were made; empty where there are none.")] IReadOnlyList<RecordedUsageEvent> Corrections);

/// <summary>Why none of a call's events was stored, for the description.</summary>
internal sealed class UsageProblem : ProblemDetails
{
    [JsonPropertyName("error_count"), Description("How much is wrong, of which errors lists the first 1,000.")]
    public int? ErrorCount { get; init; }

    [JsonPropertyName("errors"), Description("What is wrong and what to do about it.")]
    public IReadOnlyList<UsageProblemError>? Errors { get; init; }
}

/// <param name="Index">The event's place in the array, from 0.</param>
internal sealed record UsageProblemError(
    [property: JsonPropertyName("index"), Description("The event's place in the array, from 0.")] int Index,
    [property: JsonPropertyName("event_id")] string EventId,
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("message")] string Message);
