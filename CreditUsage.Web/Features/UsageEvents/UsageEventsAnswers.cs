using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.UsageEvents;

/// <summary>What was done with a call's events, for the description.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record AcceptedUsage(
    [property: JsonPropertyName("accepted"), Description("Events that are new.")] int Accepted,
    [property: JsonPropertyName("duplicates"), Description("Events that were recorded before, with the same content.")] int Duplicates);

/// <summary>Why none of a call's events was stored, for the description.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed class UsageProblem : ProblemDetails
{
    [JsonPropertyName("error_count"), Description("How much is wrong, of which errors lists the first 1,000.")]
    public int? ErrorCount { get; init; }

    [JsonPropertyName("errors"), Description("What is wrong and what to do about it.")]
    public IReadOnlyList<UsageProblemError>? Errors { get; init; }
}

/// <param name="Index">The event's place in the array, from 0.</param>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record UsageProblemError(
    [property: JsonPropertyName("index"), Description("The event's place in the array, from 0.")] int Index,
    [property: JsonPropertyName("event_id")] string EventId,
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("message")] string Message);
