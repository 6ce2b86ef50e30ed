namespace CreditUsage.Domain;

/// <summary>A clinic's account. Everything else belongs to one.</summary>
public sealed class Subscription
{
    public int Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The first day whose usage can be reported.</summary>
    public required DateOnly StartsOn { get; init; }

    /// <summary>ISO 4217. Every amount is in pence of it; GBP is the only one in use.</summary>
    public string Currency { get; init; } = "GBP";

    /// <summary>From this day on daily top-ups are charged here, by their schedules; null where they only come in from outside.</summary>
    public DateOnly? ChargesTopUpsFrom { get; set; }

    /// <summary>Whether everybody who signs in needs a second factor.</summary>
    public bool RequiresTwoFactor { get; set; }

    /// <summary>The number of the saved report that was begun last; 0 before the first.</summary>
    public int LastReportNumber { get; set; }
}

/// <summary>
/// What belongs to one subscription and must never be seen from another. The database context filters every such type
/// and refuses to write one for another subscription.
/// </summary>
public interface IOwnedBySubscription
{
    int SubscriptionId { get; }
}
