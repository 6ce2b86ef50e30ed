using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Journals;

/// <summary>The credits that are left at a month's end, first in, first out.</summary>
/// <param name="Layers">Those with credits left, oldest first.</param>
public sealed record UnusedCredits(IReadOnlyList<CreditLayer> Layers, long Overdrawn)
{
    /// <summary>Negative where more was used than came in.</summary>
    public long Credits => Layers.Sum(layer => (long)layer.Left) - Overdrawn;

    public long Pence => Layers.Sum(layer => layer.LeftPence);

    public long VatPence => Layers.Sum(layer => layer.LeftVatPence);

    public static UnusedCredits Of(IReadOnlyCollection<LedgerEntry> entries, long used)
    {
        // A reversed entry and its reversal count as if neither existed.
        var takenBack = entries.Select(entry => entry.CorrectsId).OfType<long>().ToHashSet();
        var standing = entries.Where(entry => entry.CorrectsId is null && !takenBack.Contains(entry.Id)).ToList();
        var consumed = used - standing.Where(entry => entry.Credits < 0).Sum(entry => (long)entry.Credits);
        var layers = new List<CreditLayer>();
        foreach (var entry in standing.Where(entry => entry.Credits > 0).OrderBy(entry => entry.ServiceDate).ThenBy(entry => entry.Id))
        {
            var taken = (int)Math.Clamp(consumed, 0, entry.Credits);
            consumed -= taken;
            if (taken < entry.Credits) layers.Add(new CreditLayer(entry, entry.Credits - taken));
        }
        return new UnusedCredits(layers, consumed);
    }
}

/// <param name="Entry">The purchase, grant or adjustment.</param>
public sealed record CreditLayer(LedgerEntry Entry, int Left)
{
    /// <summary>VAT included, rounded once to whole pence, half away from zero; zero for credits that were given.</summary>
    public long LeftPence => Part(Entry.PaidPence ?? 0);

    public long LeftVatPence => Part(Entry.VatPence ?? 0);

    private long Part(long pence) => (long)(((2 * (Int128)pence * Left) + Entry.Credits) / (2 * (Int128)Entry.Credits));
}
