namespace CreditUsage.Domain.Credits;

/// <summary>The accounts that a month is booked to; at most one mapping for each subscription.</summary>
public sealed class AccountMapping : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string SessionsAccount { get; set; }

    public required string TopUpsAccount { get; set; }

    public required string PrepaidAccount { get; set; }

    /// <summary>As the accounting system writes it; empty for none.</summary>
    public required string TaxCode { get; set; }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }
}
