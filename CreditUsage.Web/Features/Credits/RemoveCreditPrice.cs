using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Takes away a price that has not begun and that no event has used: the only one that may go.</summary>
public sealed class RemoveCreditPrice(CreditUsageDb db, PriceList prices, AuditLog audit)
{
    /// <returns>False where there is no such price.</returns>
    /// <exception cref="UserFacingException">The price is in use.</exception>
    public async Task<bool> RunAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if ((await prices.PeriodsAsync(cancellation)).SingleOrDefault(period => period.Price.Id == id) is not { } period) return false;
        var from = Display.Day(period.Price.ValidFrom);
        if (!period.Removable) throw new UserFacingException($"The price from {from} has begun or is in use, and a price in use is never changed. Set another price from a later day.");
        await db.CreditPrices.Where(price => price.Id == id).ExecuteDeleteAsync(cancellation);
        await audit.AddAsync(AuditAction.Price, $"Credit price from {from}", $"Removed {period.PriceShown} before it began.", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
