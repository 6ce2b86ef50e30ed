using CreditUsage.Domain;
using CreditUsage.Features.Shared;

namespace CreditUsage.Features.UsageReport;

/// <summary>One usage event as the report shows it.</summary>
public sealed record UsageRow(
    string EventId,
    UsageKind Kind,
    DateOnly ServiceDate,
    DateTimeOffset OccurredAt,
    string Staff,
    string? Client,
    string Program,
    string? DeviceId,
    string? IdentityNote,
    int? DurationMinutes,
    int Credits,
    long? UnitPriceMicros,
    long? CostPence)
{
    /// <summary>How many lines it takes on paper; more than one where a name is longer than its column.</summary>
    public int Lines { get; init; } = 1;

    /// <summary>The client, or for a shared card its id and identity note.</summary>
    public string ClientShown => Client ?? $"{DeviceId} {IdentityNote}".TrimEnd();

    /// <summary>"25 minutes", or "1 day".</summary>
    public string DurationShown => DurationMinutes is { } minutes ? Display.Count(minutes, "minute", "minutes") : "1 day";
}
