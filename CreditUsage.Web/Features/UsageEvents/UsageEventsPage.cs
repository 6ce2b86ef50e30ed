using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CreditUsage.Features.UsageEvents;

/// <summary>Some events of a month.</summary>
/// <param name="Next">Send it as "after" to get the events that follow; null after the last.</param>
internal sealed record UsageEventsPage(
    [property: JsonPropertyName("month"), Description("The month whose report shows the events, such as 2026-10.")] string Month,
    [property: JsonPropertyName("events"), Description("In the order in which they were recorded; at most 1,000.")] IReadOnlyList<RecordedUsageEvent> Events,
    [property: JsonPropertyName("next"), Description("Send it as the parameter after to get the events that follow; null after the last.")] string? Next);
