namespace CreditUsage.Domain.Credits;

/// <summary>The kinds of ledger entry beside usage.</summary>
public enum LedgerEntryKind
{
    /// <summary>Credits that were bought.</summary>
    Purchase = 1,

    /// <summary>Credits that were given.</summary>
    Grant = 2,

    /// <summary>A difference put right, with its reason.</summary>
    Adjustment = 3,

    /// <summary>Takes another entry back.</summary>
    Correction = 4,
}
