using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Sets what a credit costs from a day on, and prices the events whose cost was withheld for want of it.</summary>
public sealed class SetCreditPrice(CreditUsageDb db)
{
    /// <returns>How many events got their cost by it.</returns>
    /// <param name="validFrom">The first day.</param>
    /// <param name="priceMicros">Millionths of a pound, 0 or more.</param>
    /// <exception cref="InvalidOperationException">A price already begins on that day: prices are never changed.</exception>
    public async Task<int> RunAsync(DateOnly validFrom, long priceMicros, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(priceMicros);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.CreditPrices.AnyAsync(price => price.ValidFrom == validFrom, cancellation))
            throw new InvalidOperationException($"A price from {validFrom:yyyy-MM-dd} is set already and a price is never changed. Set one from another day.");

        var price = new CreditPrice { SubscriptionId = db.RequireSubscriptionId(), ValidFrom = validFrom, PriceMicros = priceMicros };
        db.Add(price);
        await db.SaveChangesAsync(cancellation);
        var priced = await PriceWithheldAsync(price, cancellation);
        await transaction.CommitAsync(cancellation);
        return priced;
    }

    /// <summary>One statement for each number of credits that occurs, so that the rounding rule stays in one place.</summary>
    private async Task<int> PriceWithheldAsync(CreditPrice price, CancellationToken cancellation)
    {
        var next = await db.CreditPrices.Where(other => other.ValidFrom > price.ValidFrom).MinAsync(other => (DateOnly?)other.ValidFrom, cancellation) ?? DateOnly.MaxValue;
        var withheld = db.UsageEvents.Where(usage => usage.CostPence == null && usage.ReportMonth >= UsageMonth.Of(price.ValidFrom) && usage.ServiceDate >= price.ValidFrom && usage.ServiceDate < next);
        var priced = 0;
        foreach (var credits in await withheld.Select(usage => usage.Credits).Distinct().ToListAsync(cancellation))
        {
            var costPence = price.CostPence(credits);
            priced += await withheld.Where(usage => usage.Credits == credits).ExecuteUpdateAsync(
                set => set.SetProperty(usage => usage.CostPence, costPence).SetProperty(usage => usage.UnitPriceMicros, price.PriceMicros), cancellation);
        }
        return priced;
    }
}
