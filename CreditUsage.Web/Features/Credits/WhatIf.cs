using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>What each month would have cost at a price: its credits at that price, rounded for each row as domain.md rule 4 has it. Nothing is changed.</summary>
public sealed class TryPrice(CreditUsageDb db)
{
    /// <param name="priceMicros">Millionths of a pound.</param>
    /// <returns>The latest month first.</returns>
    public async Task<IReadOnlyList<TriedMonth>> RunAsync(long priceMicros, CancellationToken cancellation)
    {
        var price = new CreditPrice { ValidFrom = DateOnly.MinValue, PriceMicros = priceMicros };
        // By the number of credits, so that the rounding rule stays in C#.
        var rows = await db.UsageEvents.GroupBy(usage => new { usage.ReportMonth, usage.Credits })
            .Select(group => new { group.Key.ReportMonth, group.Key.Credits, Rows = group.Count(), Pence = group.Sum(usage => usage.CostPence ?? 0), Unpriced = group.Count(usage => usage.CostPence == null) }).ToListAsync(cancellation);
        return [.. rows.GroupBy(row => row.ReportMonth).OrderByDescending(month => month.Key).Select(month => new TriedMonth(
            month.Key, month.Sum(row => (long)row.Rows * row.Credits), month.Any(row => row.Unpriced > 0) ? null : month.Sum(row => row.Pence), month.Sum(row => row.Rows * price.CostPence(row.Credits))))];
    }
}

/// <param name="CostPence">As its report has it; null where money is withheld for want of a price.</param>
public sealed record TriedMonth(UsageMonth Month, long Credits, long? CostPence, long TriedPence);

/// <summary>What the credits of the last twelve complete months would have cost, bought in packs of one size.</summary>
public sealed class ComparePacks(CreditUsageDb db, TimeProvider clock)
{
    private const int Months = 12;

    /// <param name="tried">A pack that was not bought yet; null for none.</param>
    public async Task<PackComparison> RunAsync(Pack? tried, CancellationToken cancellation)
    {
        var last = UsageMonth.Of(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).Previous;
        var first = UsageMonth.FromNumber(last.Number - Months + 1);
        var used = await db.UsageEvents.Where(usage => usage.ReportMonth >= first && usage.ReportMonth <= last).SumAsync(usage => (long)usage.Credits, cancellation);
        var bought = await db.LedgerEntries.AsNoTracking().Where(entry => entry.Kind == LedgerEntryKind.Purchase && entry.PackSize != null && !db.LedgerEntries.Any(correction => correction.CorrectsId == entry.Id))
            .OrderByDescending(entry => entry.ServiceDate).ThenByDescending(entry => entry.Id).ToListAsync(cancellation);
        var packs = bought.DistinctBy(entry => entry.PackSize).Select(entry => new Pack(entry.PackSize!.Value, entry.Credits / entry.PackSize.Value, entry.PaidPence ?? 0, entry.VatPence ?? 0, entry.ServiceDate)).ToList();
        if (tried is not null) packs.Add(tried);
        return new PackComparison(first, last, used, used <= 0 ? [] : [.. packs.Select(pack => PackCost.Of(pack, used)).OrderBy(cost => cost.PaidPence).ThenBy(cost => cost.LeftOver)]);
    }
}

/// <summary>Packs as they were bought last, or as they are offered.</summary>
/// <param name="Size">Credits in one.</param>
/// <param name="Number">How many the price is for.</param>
/// <param name="PaidPence">For all of them, VAT included.</param>
/// <param name="Bought">Null where it was not.</param>
public sealed record Pack(int Size, int Number, long PaidPence, long VatPence, DateOnly? Bought);

/// <param name="Costs">The cheapest first.</param>
public sealed record PackComparison(UsageMonth First, UsageMonth Last, long Credits, IReadOnlyList<PackCost> Costs);

/// <param name="Packs">How many would have been needed.</param>
/// <param name="PaidPence">VAT included.</param>
public sealed record PackCost(Pack Pack, long Packs, long PaidPence, long VatPence, long LeftOver)
{
    public static PackCost Of(Pack pack, long credits)
    {
        ArgumentNullException.ThrowIfNull(pack);
        var needed = (credits + pack.Size - 1) / pack.Size;
        return new PackCost(pack, needed, Share(pack.PaidPence, needed, pack.Number), Share(pack.VatPence, needed, pack.Number), (needed * pack.Size) - credits);
    }

    /// <summary>Rounded once to whole pence, half away from zero.</summary>
    private static long Share(long pence, long needed, int number) => (long)Math.Round((decimal)pence * needed / number, MidpointRounding.AwayFromZero);
}
