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

/// <summary>Where a delivery stands. The numbers are stored: they never change.</summary>
public enum DeliveryState
{
    Waiting = 1,
    Sent = 2,
    GivenUp = 3,

    /// <summary>The mail server had the mail and did not say whether it took it, or the site was stopped before it could: it may arrive.</summary>
    NotKnown = 4,
}

/// <summary>One try to hand a mail to the mail server, and what came of it. Only ever added to.</summary>
public sealed class DeliveryAttempt : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The delivery; null for a test.</summary>
    public int? DeliveryId { get; init; }

    public required string Email { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the mail server took it.</summary>
    public required bool Sent { get; init; }

    /// <summary>What the mail server said, or what went wrong.</summary>
    public required string Outcome { get; init; }
}

/// <summary>Somebody whom a subscription's closed months are sent to.</summary>
public sealed class DeliveryRecipient : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required string AddedBy { get; init; }

    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>When and how a subscription's closed months are sent out. At most one a subscription.</summary>
public sealed class DeliverySchedule : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required bool Enabled { get; set; }

    /// <summary>The day of the month, 1 to 28, on which the month before is sent.</summary>
    public required int Day { get; set; }

    /// <summary>The hour, 0 to 23 GMT.</summary>
    public required int Hour { get; set; }

    /// <summary>A link to the saved report instead of the files.</summary>
    public required bool AsLink { get; set; }

    /// <summary>The first month that is sent: what was closed and due before deliveries were switched on is not.</summary>
    public required UsageMonth FirstMonth { get; set; }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }
}
