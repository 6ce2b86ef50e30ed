using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Journals;

/// <summary>The credits that are not used at a month's end, by what came in first is used first.</summary>
/// <param name="Layers">Those of which something is left, the oldest first.</param>
/// <param name="Overdrawn">Credits that were used beyond all that came in.</param>
public sealed record UnusedCredits(IReadOnlyList<CreditLayer> Layers, long Overdrawn)
{
    /// <summary>Credits that are left; below zero where more was used than came in.</summary>
    public long Credits => Layers.Sum(layer => (long)layer.Left) - Overdrawn;

    public long Pence => Layers.Sum(layer => layer.LeftPence);

    public long VatPence => Layers.Sum(layer => layer.LeftVatPence);

    /// <summary>By the months that show each entry and each event, as the balance at a month's end has it; in two commands.</summary>
    public static async Task<UnusedCredits> AtEndOfAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var entries = await db.LedgerEntries.AsNoTracking().Where(entry => entry.ReportMonth <= month).ToListAsync(cancellation);
        return Of(entries, await db.UsageEvents.Where(usage => usage.ReportMonth <= month).SumAsync(usage => (long)usage.Credits, cancellation));
    }

    /// <param name="entries">Of the ledger, in any order.</param>
    /// <param name="used">Credits of usage, corrections included.</param>
    public static UnusedCredits Of(IReadOnlyCollection<LedgerEntry> entries, long used)
    {
        // An entry that was taken back, and what took it back, are as if they had never been.
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
