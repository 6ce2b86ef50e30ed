namespace CreditUsage.Domain.Usage;

/// <summary>A mapping of columns that a clinic remembers under a name.</summary>
public sealed class ImportMapping : IOwnedBySubscription
{
    public const int MaxNameCharacters = 100;

    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Unique within the subscription.</summary>
    public required string Name { get; init; }

    public required ColumnMapping Columns { get; set; }

    public required string SavedBy { get; set; }

    public required DateTimeOffset SavedAt { get; set; }
}
