namespace CreditUsage.Domain.Credits;

/// <summary>The Available figure that ONE showed at a moment, held against the ledger.</summary>
public sealed class BalanceProof : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>When ONE showed it.</summary>
    public required DateTimeOffset ShownAt { get; init; }

    /// <summary>Credits that ONE showed.</summary>
    public required long ShownCredits { get; init; }

    /// <summary>Credits by this ledger at that moment, by posting instant.</summary>
    public required long LedgerCredits { get; init; }

    /// <summary>Of the difference, what is explained.</summary>
    public required long ExplainedCredits { get; init; }

    /// <summary>What the page said, in words.</summary>
    public required string Finding { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }
}
