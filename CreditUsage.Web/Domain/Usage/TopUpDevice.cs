namespace CreditUsage.Domain.Usage;

/// <summary>A card that receives a program daily, with the identity note it had then. A new note is a new row (domain.md rule 5).</summary>
public sealed class TopUpDevice : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Ten digits.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Stands in for the client of a card that several share. May be empty.</summary>
    public required string IdentityNote { get; init; }
}
