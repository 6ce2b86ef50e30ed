using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Journals;

/// <summary>Credits that came in together, and how many of them are left.</summary>
/// <param name="Entry">The purchase, grant or adjustment.</param>
public sealed record CreditLayer(LedgerEntry Entry, int Left)
{
    /// <summary>What was paid for the credits that are left, VAT included, rounded once to whole pence, half away from zero. What was given cost nothing.</summary>
    public long LeftPence => Part(Entry.PaidPence ?? 0);

    /// <summary>The VAT within <see cref="LeftPence"/>.</summary>
    public long LeftVatPence => Part(Entry.VatPence ?? 0);

    private long Part(long pence) => (long)(((2 * (Int128)pence * Left) + Entry.Credits) / (2 * (Int128)Entry.Credits));
}
