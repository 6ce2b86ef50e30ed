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
        await audit.AddAsync(AuditAction.Schedule, ScheduleLabels.Device(schedule), $"New schedule, {ScheduleLabels.Days(schedule)}, {ScheduleLabels.Client(schedule)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return (schedule, []);
    }

    private async Task<UsageFault?> OverlapAsync(ScheduleTerms terms, CancellationToken cancellation)
    {
        var other = await db.TopUpSchedules.AsNoTracking().OrderBy(schedule => schedule.FirstDay)
            .FirstOrDefaultAsync(schedule => schedule.DeviceId == terms.DeviceId && schedule.FirstDay <= terms.LastDay && schedule.LastDay >= terms.FirstDay, cancellation);
        return other is null ? null
            : new UsageFault("device_id", $"Device {terms.DeviceId} has a schedule {ScheduleLabels.Days(other)}; end that one first, or choose days outside it.");
    }
}

/// <summary>Brings a schedule's last day forward, but never before a day whose top-up is recorded: that one is put right by a correction.</summary>
public sealed class EndSchedule(CreditUsageDb db, SchedulesQuery query, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>What is wrong with ending it so; nothing when it has been ended. Null where there is no such schedule.</summary>
    /// <param name="lastDay">Its last day from now on; null withdraws a schedule of which no day is recorded.</param>
    public async Task<IReadOnlyList<UsageFault>?> RunAsync(int id, DateOnly? lastDay, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.TopUpSchedules.SingleOrDefaultAsync(schedule => schedule.Id == id, cancellation) is not { } schedule) return null;
        if (Refusal(schedule, lastDay, await query.LastRecordedAsync(schedule, cancellation)) is { } refusal) return [new UsageFault("last_day", refusal)];
        var before = ScheduleLabels.Days(schedule);
        if (lastDay is { } day) (schedule.LastDay, schedule.EndedAt, schedule.EndedBy) = (day, clock.GetUtcNow(), current.Actor);
        else db.Remove(schedule);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Schedule, ScheduleLabels.Device(schedule), $"Schedule {before}: {(lastDay is { } last ? $"ended on {ScheduleLabels.Day(last)}" : "withdrawn")}", cancellation);
        await transaction.CommitAsync(cancellation);
        return [];
    }

    private static string? Refusal(TopUpSchedule schedule, DateOnly? lastDay, DateOnly? recorded) => (lastDay, recorded) switch
    {
        (null, { } day) => $"The top-up of {ScheduleLabels.Day(day)} is recorded, so the schedule cannot be withdrawn; end it on that day or a later one.",
        ({ } last, _) when last >= schedule.LastDay => $"The schedule ends on {ScheduleLabels.Day(schedule.LastDay)} already; write an earlier day, or add another schedule after it.",
        ({ } last, { } day) when last < day => $"The top-up of {ScheduleLabels.Day(day)} is recorded; write that day or a later one. To take that top-up back, correct it in its month.",
        ({ } last, _) when last < schedule.FirstDay => $"The schedule begins on {ScheduleLabels.Day(schedule.FirstDay)}; write that day or a later one, or withdraw it.",
        _ => null,
    };
}
