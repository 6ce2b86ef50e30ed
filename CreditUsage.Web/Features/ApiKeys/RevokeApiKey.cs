using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.ApiKeys;

/// <summary>Ends a key at once and for good.</summary>
public sealed class RevokeApiKey(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <returns>Whether it was in force until now.</returns>
    public async Task<bool> RunAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.ApiKeys.SingleOrDefaultAsync(key => key.Id == id && key.RevokedAt == null, cancellation) is not { } key) return false;
        (key.RevokedAt, key.RevokedBy) = (clock.GetUtcNow(), current.Actor);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Key, $"Key {key.Name}", $"revoked, prefix {key.Prefix}", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
