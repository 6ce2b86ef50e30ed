namespace CreditUsage.Domain.Usage;

/// <summary>Whom a program was targeted at, under the name that was recorded then. A new name is a new row (domain.md rule 5).</summary>
public sealed class Client : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string ClientId { get; init; }

    public required string Name { get; init; }
}
