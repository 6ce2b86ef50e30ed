namespace CreditUsage.Domain.Reports;

public sealed class DismissedFinding : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The finding's kind and whom it concerns: stays the same as long as the finding does.</summary>
    public required string Finding { get; init; }

    public required string Message { get; init; }

    public required string Reason { get; init; }

    public required string DismissedBy { get; init; }

    public required DateTimeOffset DismissedAt { get; init; }

    public DateTimeOffset? RestoredAt { get; set; }

    public string? RestoredBy { get; set; }
}
