namespace CreditUsage.Domain.Credits;

/// <summary>Which accounts a month is booked to. At most one a subscription.</summary>
public sealed class AccountMapping : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The account that connected sessions are charged to.</summary>
    public required string SessionsAccount { get; set; }

    /// <summary>The account that daily top-ups are charged to.</summary>
    public required string TopUpsAccount { get; set; }

    /// <summary>The account of credits bought and not yet used.</summary>
    public required string PrepaidAccount { get; set; }

    /// <summary>The tax code of the journal's lines, in the words of the accounting system; empty for none.</summary>
    public required string TaxCode { get; set; }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }
}
