using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Deliveries;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

/// <summary>Takes up a delivery that was given up, or of which nobody knows whether it arrived. It is tried with the next run.</summary>
public sealed class TryAgain(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <returns>Whether it had ended without being sent.</returns>
    public async Task<bool> RunAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.Deliveries.SingleOrDefaultAsync(row => row.Id == id && (row.State == DeliveryState.GivenUp || row.State == DeliveryState.NotKnown), cancellation) is not { } delivery) return false;
        (delivery.State, delivery.NextAttemptAt, delivery.EndedAt) = (DeliveryState.Waiting, clock.GetUtcNow(), null);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Deliver, delivery.Month.Name, $"v{delivery.Version} to {delivery.Email}: taken up again", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
