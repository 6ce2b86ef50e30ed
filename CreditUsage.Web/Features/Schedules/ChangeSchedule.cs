using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

/// <summary>Adds a top-up schedule. Those of one device never overlap.</summary>
public sealed class AddSchedule(CreditUsageDb db, SchedulesQuery query, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>Returns the new schedule, or what is wrong; then nothing is stored.</summary>
    public async Task<(TopUpSchedule? Added, IReadOnlyList<UsageFault> Faults)> RunAsync(ScheduleInput input, CancellationToken cancellation)
    {
        input = await query.CompletedAsync(input, cancellation);
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.RequireSubscriptionId(), cancellation);
        if (new ScheduleValidator(subscription.StartsOn).Validate(input, out var faults) is not { } terms) return (null, faults);

        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await OverlapAsync(terms, cancellation) is { } overlap) return (null, [overlap]);
        var added = await RunAsync([terms], cancellation);
        await transaction.CommitAsync(cancellation);
        return (added[0], []);
    }

    /// <summary>Adds schedules that overlap no other, within the caller's write.</summary>
    public async Task<IReadOnlyList<TopUpSchedule>> RunAsync(IReadOnlyList<ScheduleTerms> terms, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (subscription, now) = (db.RequireSubscriptionId(), clock.GetUtcNow());
        var added = terms.Select(one => one.Begin(subscription, now, current.Actor)).ToList();
        db.AddRange(added);
        await db.SaveChangesAsync(cancellation);
        // The audit would look through all of them for changes with each of its entries.
        db.ChangeTracker.Clear();
        foreach (var schedule in added)
            await audit.AddAsync(AuditAction.Schedule, ScheduleLabels.Device(schedule), $"New schedule, {ScheduleLabels.Days(schedule)}, {ScheduleLabels.Client(schedule)}", cancellation);
        return added;
    }

    internal static UsageFault Overlap(TopUpSchedule other) =>
        new("device_id", $"Device {other.DeviceId} has a schedule {ScheduleLabels.Days(other)}; end that one first, or choose days outside it.");

    private async Task<UsageFault?> OverlapAsync(ScheduleTerms terms, CancellationToken cancellation)
    {
        var other = await db.TopUpSchedules.AsNoTracking().OrderBy(schedule => schedule.FirstDay)
            .FirstOrDefaultAsync(schedule => schedule.DeviceId == terms.DeviceId && schedule.FirstDay <= terms.LastDay && schedule.LastDay >= terms.FirstDay, cancellation);
        return other is null ? null : Overlap(other);
    }
}

/// <summary>Brings a schedule's last day forward, but never before a recorded top-up, which takes a correction.</summary>
public sealed class EndSchedule(CreditUsageDb db, SchedulesQuery query, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>Returns what is wrong, empty when done; null where there is no such schedule.</summary>
    /// <param name="lastDay">Null withdraws a schedule without recorded days.</param>
    /// <param name="shown">What the form showed of the schedule; null for a caller without a form.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has changed the schedule since; nothing has changed.</exception>
    public async Task<IReadOnlyList<UsageFault>?> RunAsync(int id, DateOnly? lastDay, string? shown, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.TopUpSchedules.SingleOrDefaultAsync(schedule => schedule.Id == id, cancellation) is not { } schedule) return null;
        if (shown is not null) FormVersion.Require(shown, ScheduleLabels.Days(schedule));
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

/// <summary>Gives a device to another client, or to none: its schedule ends the day before, and a new one goes on to the same last day.</summary>
public sealed class ReassignSchedule(CreditUsageDb db, SchedulesQuery query, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>Returns what is wrong, empty when done; null where there is no such schedule.</summary>
    /// <param name="shown">What the form showed of the schedule.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has changed the schedule since; nothing has changed.</exception>
    public async Task<IReadOnlyList<UsageFault>?> RunAsync(int id, DateOnly from, string clientId, string clientName, string identityNote, string? shown, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.TopUpSchedules.SingleOrDefaultAsync(schedule => schedule.Id == id, cancellation) is not { } schedule) return null;
        FormVersion.Require(shown, ScheduleLabels.Days(schedule));
        var input = await query.CompletedAsync(Input(schedule, from, clientId, clientName, identityNote), cancellation);
        if (new ScheduleValidator(DateOnly.MinValue).Validate(input, out var faults) is not { } terms) return faults;
        if (Refusal(schedule, from, await query.LastRecordedAsync(schedule, cancellation)) is { } refusal) return [new UsageFault("first_day", refusal)];
        await ReplaceAsync(schedule, terms, cancellation);
        await transaction.CommitAsync(cancellation);
        return [];
    }

    private static ScheduleInput Input(TopUpSchedule schedule, DateOnly from, string clientId, string clientName, string identityNote) => new(
        schedule.DeviceId, schedule.Program, clientId, clientName, identityNote, schedule.StaffId, schedule.StaffName, ScheduleLabels.Iso(from), ScheduleLabels.IsoLast(schedule));

    private static string? Refusal(TopUpSchedule schedule, DateOnly from, DateOnly? recorded) => recorded switch
    {
        _ when from < schedule.FirstDay || from > schedule.LastDay => $"The schedule runs {ScheduleLabels.Days(schedule)}; write one of those days.",
        { } day when from <= day => $"The top-up of {ScheduleLabels.Day(day)} is recorded; write a later day. To put that top-up right, correct it in its month.",
        _ => null,
    };

    private async Task ReplaceAsync(TopUpSchedule old, ScheduleTerms terms, CancellationToken cancellation)
    {
        var (before, from) = (ScheduleLabels.Client(old), terms.FirstDay);
        // From its first day on, nothing of the old schedule is left, and a device has one schedule a day.
        if (from == old.FirstDay) db.Remove(old);
        else (old.LastDay, old.EndedAt, old.EndedBy) = (from.AddDays(-1), clock.GetUtcNow(), current.Actor);
        await db.SaveChangesAsync(cancellation);
        var schedule = terms.Begin(old.SubscriptionId, clock.GetUtcNow(), current.Actor);
        db.Add(schedule);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Schedule, ScheduleLabels.Device(schedule), $"Reassigned from {before} to {ScheduleLabels.Client(schedule)}, {ScheduleLabels.Days(schedule)}", cancellation);
    }
}
