namespace CreditUsage.Domain.Reports;

/// <summary>A way to look at a month, kept under a name.</summary>
public sealed class SavedView : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Unique among its owner's.</summary>
    public required string Name { get; set; }

    /// <summary>Whose it is: an e-mail address.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether everybody of the subscription sees it; only its owner changes it.</summary>
    public required bool Shared { get; set; }

    /// <summary>Whether its owner's report begins with it; at most one of theirs does.</summary>
    public required bool IsDefault { get; set; }

    /// <summary>The report's query string without its month: kinds, narrowing, groups, order, columns, copy.</summary>
    public required string Query { get; set; }

    public required DateTimeOffset SavedAt { get; set; }
}
