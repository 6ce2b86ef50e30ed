using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Deliveries;

/// <summary>A version of a closed month on its way to one person: once, whatever restarts or runs twice.</summary>
public sealed class Delivery : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required UsageMonth Month { get; init; }

    /// <summary>The version that the month was closed as.</summary>
    public required int Version { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required DeliveryState State { get; set; }

    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it is tried next; null once it was sent or given up.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}
