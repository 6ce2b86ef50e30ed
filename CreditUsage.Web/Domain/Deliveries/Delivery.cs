using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Deliveries;

/// <summary>One version of a closed month, or one saved report, for one recipient; sent once, whatever restarts or runs twice, unless somebody has it sent again.</summary>
public sealed class Delivery : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required UsageMonth Month { get; init; }

    /// <summary>Of the month; of a saved report, its number.</summary>
    public required int Version { get; init; }

    /// <summary>The saved report that was sent by hand; null for a month.</summary>
    public Guid? SavedReportId { get; init; }

    /// <summary>Whether somebody has it sent, now or again; that is done where months are not sent by themselves, too.</summary>
    public bool ByHand { get; set; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required DeliveryState State { get; set; }

    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Null once it was sent or given up.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>The numbers are stored: they never change.</summary>
public enum DeliveryState
{
    Waiting = 1,
    Sent = 2,
    GivenUp = 3,

    /// <summary>The mail server did not answer, or the site stopped before it could: the mail may arrive.</summary>
    NotKnown = 4,
}

public sealed class DeliveryAttempt : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public int? DeliveryId { get; init; }

    public required string Email { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool Sent { get; init; }

    public required string Outcome { get; init; }
}

public sealed class DeliveryRecipient : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required string AddedBy { get; init; }

    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>At most one for each subscription.</summary>
public sealed class DeliverySchedule : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required bool Enabled { get; set; }

    /// <summary>Whether a month is sent as soon as it is closed, instead of at a day and hour of the next.</summary>
    public bool WhenClosed { get; set; }

    /// <summary>1 to 28.</summary>
    public required int Day { get; set; }

    /// <summary>0 to 23, GMT.</summary>
    public required int Hour { get; set; }

    public required bool AsLink { get; set; }

    /// <summary>Months that were due before deliveries were switched on are not sent.</summary>
    public required UsageMonth FirstMonth { get; set; }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }
}
