namespace CreditUsage.Domain.Deliveries;

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
