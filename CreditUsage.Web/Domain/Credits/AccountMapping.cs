namespace CreditUsage.Domain.Credits;

/// <summary>The accounts that a month is booked to; at most one mapping for each subscription.</summary>
public sealed class AccountMapping : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string SessionsAccount { get; set; }

    public required string TopUpsAccount { get; set; }

    public required string PrepaidAccount { get; set; }

    /// <summary>Takes what the report's cost and the cost of the credits differ by; empty for none.</summary>
    public required string DifferencesAccount { get; set; }

    public required PrepaidBasis Basis { get; set; }

    /// <summary>As the accounting system writes it; empty for none.</summary>
    public required string TaxCode { get; set; }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }
}

/// <summary>What the account of unused credits is credited with. The numbers are stored: they never change.</summary>
public enum PrepaidBasis
{
    /// <summary>The report's cost.</summary>
    ReportPrice = 1,

    /// <summary>What the credits cost, first in, first out, as paid.</summary>
    CostWithVat = 2,

    /// <summary>The same less VAT, for whoever reclaims it.</summary>
    CostWithoutVat = 3,
}
