using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Users;

/// <summary>Sets whether everybody in the subscription needs a second factor; their sessions follow within a minute.</summary>
public sealed class RequireTwoFactor(CreditUsageDb db, AuditLog audit)
{
    public Task<bool> IsOnAsync(CancellationToken cancellation)
    {
        var id = db.RequireSubscriptionId();
        return db.Subscriptions.AnyAsync(subscription => subscription.Id == id && subscription.RequiresTwoFactor, cancellation);
    }

    public async Task RunAsync(bool required, CancellationToken cancellation)
    {
        var id = db.RequireSubscriptionId();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var changed = await db.Subscriptions.Where(subscription => subscription.Id == id && subscription.RequiresTwoFactor != required)
            .ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.RequiresTwoFactor, required), cancellation);
        if (changed == 0) return;
        await audit.AddAsync(AuditAction.Setting, "Two-factor sign-in", required ? "Required of everybody" : "No longer required", cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
