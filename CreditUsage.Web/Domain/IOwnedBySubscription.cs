namespace CreditUsage.Domain;

/// <summary>
/// What belongs to one subscription and must never be seen from another. The database context filters every such type
/// and refuses to write one for another subscription.
/// </summary>
public interface IOwnedBySubscription
{
    int SubscriptionId { get; }
}
