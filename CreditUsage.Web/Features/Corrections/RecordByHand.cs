using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>Records a single event that somebody has typed, by the rules of every other.</summary>
public sealed class RecordByHand(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <returns>What is wrong; nothing where the event is recorded, now or by the same form before.</returns>
    public async Task<IReadOnlyList<UsageFault>> RunAsync(UsageInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        if (new UsageValidator(startsOn, clock.GetUtcNow()).Validate(input, out var faults) is not { } valid) return faults;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await using var record = await RecordUsage.BeginAsync(db, UsageSource.Hand, current.Actor, clock, cancellation);
        var conflicts = (await record.AddAsync(0, valid, cancellation)).Concat(await record.FlushAsync(cancellation)).Select(conflict => conflict.Fault).ToList();
        if (conflicts.Count > 0 || record.Accepted == 0) return conflicts;
        await record.CommitAsync(cancellation);
        await audit.AddAsync(AuditAction.Correction, $"Event {valid.EventId}", $"Recorded by hand, {valid.CreditsDue} credits", cancellation);
        await transaction.CommitAsync(cancellation);
        return [];
    }
}
