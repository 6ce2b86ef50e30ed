namespace CreditUsage.Domain.Reports;

/// <summary>A finding that somebody looked at and set aside, and why.</summary>
public sealed class DismissedFinding : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>What was found, in a word that stays the same as long as it is found: its kind and whom it is about.</summary>
    public required string Finding { get; init; }

    /// <summary>What the page said of it.</summary>
    public required string Message { get; init; }

    public required string Reason { get; init; }

    public required string DismissedBy { get; init; }

    public required DateTimeOffset DismissedAt { get; init; }

    /// <summary>Absent while it is dismissed.</summary>
    public DateTimeOffset? RestoredAt { get; set; }

    public string? RestoredBy { get; set; }
}
