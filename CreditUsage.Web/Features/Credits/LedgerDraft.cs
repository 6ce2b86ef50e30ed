using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Credits;

/// <summary>A valid entry that has not been recorded.</summary>
/// <param name="Credits">Signed: what the balance rises by.</param>
/// <param name="Reason">Why, of an adjustment; a note otherwise.</param>
public sealed record LedgerDraft(LedgerEntryKind Kind, DateOnly Day, int Credits, string? Reason)
{
    /// <summary>What was paid, of a purchase.</summary>
    public LedgerPurchase? Purchase { get; init; }
}

/// <summary>What was paid for credits.</summary>
/// <param name="PackSize">Credits in a pack.</param>
/// <param name="PaidPence">VAT included.</param>
/// <param name="VatPence">VAT within it.</param>
public sealed record LedgerPurchase(int PackSize, long PaidPence, long VatPence, string InvoiceNumber);
