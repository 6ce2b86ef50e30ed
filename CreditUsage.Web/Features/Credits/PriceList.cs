using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

public sealed class PriceList(CreditUsageDb db, TimeProvider clock)
{
    public async Task<IReadOnlyList<PricePeriod>> PeriodsAsync(CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var prices = await db.CreditPrices.AsNoTracking().OrderByDescending(price => price.ValidFrom).ToListAsync(cancellation);
        var days = await db.UsageEvents.Where(usage => usage.UnitPriceMicros != null && usage.Correction == null).GroupBy(usage => usage.ServiceDate)
            .Select(day => new { Day = day.Key, Events = day.Count() }).ToListAsync(cancellation);
        return prices.Select((price, place) =>
        {
            var last = place == 0 ? (DateOnly?)null : prices[place - 1].ValidFrom.AddDays(-1);
            var events = days.Where(day => day.Day >= price.ValidFrom && (last is null || day.Day <= last)).Sum(day => day.Events);
            return new PricePeriod(price, last, events, price.ValidFrom > today);
        }).ToList();
    }
}

/// <param name="LastDay">The day before the next price; null for the last price.</param>
public sealed record PricePeriod(CreditPrice Price, DateOnly? LastDay, int Events, bool Future)
{
    public bool Removable => Events == 0;

    public string PriceLabel => Format(Price.PriceMicros);

    /// <summary>"01/08/2024 to 31/03/2025", "from 01/04/2026", "from 01/01/2027 (future)".</summary>
    public string DaysLabel => (LastDay is { } last ? $"{Display.Day(Price.ValidFrom)} to {Display.Day(last)}" : $"from {Display.Day(Price.ValidFrom)}") + (Future ? " (future)" : "");

    public string MonthsLabel
    {
        get
        {
            var first = UsageMonth.Of(Price.ValidFrom);
            if (LastDay is not { } last) return $"{first.Name} on";
            return UsageMonth.Of(last) == first ? first.Name : $"{first.Name} to {UsageMonth.Of(last).Name}";
        }
    }

    /// <param name="micros">Millionths of a pound.</param>
    public static string Format(long micros) => string.Create(Display.British, $"£{micros / (decimal)CreditPrice.MicrosPerPound:#,##0.00####}");
}

/// <summary>Only a price that no event has used can be removed: no figure comes from it, in a closed month neither.</summary>
public sealed class RemoveCreditPrice(CreditUsageDb db, PriceList prices, AuditLog audit)
{
    /// <exception cref="UserFacingException">The price is in use.</exception>
    public async Task<bool> RunAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if ((await prices.PeriodsAsync(cancellation)).SingleOrDefault(period => period.Price.Id == id) is not { } period) return false;
        var from = Display.Day(period.Price.ValidFrom);
        if (!period.Removable) throw new UserFacingException($"{Display.Count(period.Events, "event has its", "events have their")} cost by the price from {from}, so it cannot change. Set a new price from a later day.");
        await db.CreditPrices.Where(price => price.Id == id).ExecuteDeleteAsync(cancellation);
        await audit.AddAsync(AuditAction.Price, $"Credit price from {from}", $"Removed {period.PriceLabel}, which no event had used.", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
