namespace CreditUsage.Domain.Reports;

public sealed class SavedView : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Unique for its owner.</summary>
    public required string Name { get; set; }

    public required string Owner { get; init; }

    /// <summary>The whole subscription sees it; only its owner changes it.</summary>
    public required bool Shared { get; set; }

    /// <summary>At most one for each owner.</summary>
    public required bool IsDefault { get; set; }

    /// <summary>The report's query string without its month.</summary>
    public required string Query { get; set; }

    public required DateTimeOffset SavedAt { get; set; }
}
