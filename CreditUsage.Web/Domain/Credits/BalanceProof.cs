namespace CreditUsage.Domain.Credits;

/// <summary>Compares the Available figure that ONE showed with the ledger.</summary>
public sealed class BalanceProof : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required DateTimeOffset ShownAt { get; init; }

    public required long ShownCredits { get; init; }

    /// <summary>Credits at that moment, by posting instant.</summary>
    public required long LedgerCredits { get; init; }

    public required long ExplainedCredits { get; init; }

    public required string Finding { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }
}
