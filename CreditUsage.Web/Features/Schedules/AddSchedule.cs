using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

/// <summary>Adds a top-up schedule. Those of one device never overlap.</summary>
public sealed class AddSchedule(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>The new schedule, or what is wrong; nothing is stored then.</summary>
    public async Task<(TopUpSchedule? Added, IReadOnlyList<UsageFault> Faults)> RunAsync(ScheduleInput input, CancellationToken cancellation)
    {
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.RequireSubscriptionId(), cancellation);
        if (new ScheduleValidator(subscription.StartsOn).Validate(input, out var faults) is not { } terms) return (null, faults);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await OverlapAsync(terms, cancellation) is { } overlap) return (null, [overlap]);
        var schedule = terms.Begin(subscription.Id, clock.GetUtcNow(), current.Actor);
        db.Add(schedule);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Schedule, Words.Device(schedule), $"New schedule, {Words.Days(schedule)}, {Words.Whom(schedule)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return (schedule, []);
    }

    private async Task<UsageFault?> OverlapAsync(ScheduleTerms terms, CancellationToken cancellation)
    {
        var other = await db.TopUpSchedules.AsNoTracking().OrderBy(schedule => schedule.FirstDay)
            .FirstOrDefaultAsync(schedule => schedule.DeviceId == terms.DeviceId && schedule.FirstDay <= terms.LastDay && schedule.LastDay >= terms.FirstDay, cancellation);
        return other is null ? null
            : new UsageFault("device_id", $"Device {terms.DeviceId} has a schedule {Words.Days(other)}; end that one first, or choose days outside it.");
    }
}
