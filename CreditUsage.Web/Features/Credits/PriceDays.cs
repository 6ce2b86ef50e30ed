using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>What both a new price and a corrected one do to the days that they are valid on. Call it within a write.</summary>
internal static class PriceDays
{
    /// <exception cref="UserFacingException">The day is in or before a closed month.</exception>
    public static void RefuseClosed(ClosedMonths closed, DateOnly first)
    {
        if (closed.Latest is { } latest && first < latest.End) throw new UserFacingException($"{latest.Name} is closed. Choose a first day from {Display.Day(latest.End)} on.");
    }

    /// <summary>Gives the days one price; after the last of them the price holds that did before.</summary>
    /// <param name="last">Included; null for all days from the first on.</param>
    public static async Task SetAsync(CreditUsageDb db, DateOnly first, DateOnly? last, long priceMicros, CancellationToken cancellation)
    {
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        await db.CreditPrices.Where(price => price.ValidFrom >= first && (last == null || price.ValidFrom <= last)).ExecuteDeleteAsync(cancellation);
        db.Add(new CreditPrice { SubscriptionId = db.RequireSubscriptionId(), ValidFrom = first, PriceMicros = priceMicros });
        if (last?.AddDays(1) is { } after && !prices.Exists(price => price.ValidFrom == after) && CreditPrice.On(prices, after) is { } before)
            db.Add(new CreditPrice { SubscriptionId = db.RequireSubscriptionId(), ValidFrom = after, PriceMicros = before.PriceMicros });
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Gives events their cost that wait for a price: one statement for each number of credits, so that the rounding rule stays in C#.</summary>
    /// <param name="last">Included.</param>
    public static async Task<int> PriceWithheldAsync(CreditUsageDb db, DateOnly first, DateOnly last, long priceMicros, CancellationToken cancellation)
    {
        var price = new CreditPrice { ValidFrom = first, PriceMicros = priceMicros };
        var withheld = db.UsageEvents.Where(usage => usage.CostPence == null && usage.ReportMonth >= UsageMonth.Of(first) && usage.ServiceDate >= first && usage.ServiceDate <= last);
        var priced = 0;
        foreach (var credits in await withheld.Select(usage => usage.Credits).Distinct().ToListAsync(cancellation))
        {
            var costPence = price.CostPence(credits);
            priced += await withheld.Where(usage => usage.Credits == credits).ExecuteUpdateAsync(
                set => set.SetProperty(usage => usage.CostPence, costPence).SetProperty(usage => usage.UnitPriceMicros, priceMicros), cancellation);
        }
        return priced;
    }
}
