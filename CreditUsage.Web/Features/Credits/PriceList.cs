using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>The prices of a subscription and what each of them governs.</summary>
public sealed class PriceList(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>The latest first.</summary>
    public async Task<IReadOnlyList<PricePeriod>> PeriodsAsync(CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var prices = await db.CreditPrices.AsNoTracking().OrderByDescending(price => price.ValidFrom).ToListAsync(cancellation);
        var days = await db.UsageEvents.Where(usage => usage.UnitPriceMicros != null).GroupBy(usage => usage.ServiceDate)
            .Select(day => new { Day = day.Key, Events = day.Count() }).ToListAsync(cancellation);
        return prices.Select((price, place) =>
        {
            var last = place == 0 ? (DateOnly?)null : prices[place - 1].ValidFrom.AddDays(-1);
            var events = days.Where(day => day.Day >= price.ValidFrom && (last is null || day.Day <= last)).Sum(day => day.Events);
            return new PricePeriod(price, last, events, price.ValidFrom > today);
        }).ToList();
    }
}
