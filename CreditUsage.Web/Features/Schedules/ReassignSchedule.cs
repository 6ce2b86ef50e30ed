using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Schedules;

/// <summary>Gives a device to another client, or to none, from a day on: its schedule ends the day before, and a new one goes on to the same last day.</summary>
public sealed class ReassignSchedule(CreditUsageDb db, SchedulesQuery query, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>What is wrong; nothing when it has been done. Null where there is no such schedule.</summary>
    /// <param name="from">The new client's first day.</param>
    public async Task<IReadOnlyList<UsageFault>?> RunAsync(int id, DateOnly from, string clientId, string clientName, string identityNote, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.TopUpSchedules.SingleOrDefaultAsync(schedule => schedule.Id == id, cancellation) is not { } schedule) return null;
        var input = Input(schedule, from, clientId, clientName, identityNote);
        if (new ScheduleValidator(DateOnly.MinValue).Validate(input, out var faults) is not { } terms) return faults;
        if (Refusal(schedule, from, await query.LastRecordedAsync(schedule, cancellation)) is { } refusal) return [new UsageFault("first_day", refusal)];
        await ReplaceAsync(schedule, terms, cancellation);
        await transaction.CommitAsync(cancellation);
        return [];
    }

    private static ScheduleInput Input(TopUpSchedule schedule, DateOnly from, string clientId, string clientName, string identityNote) => new(
        schedule.DeviceId, schedule.Program, clientId, clientName, identityNote, schedule.StaffId, schedule.StaffName, ScheduleLabels.Iso(from), ScheduleLabels.Iso(schedule.LastDay));

    private static string? Refusal(TopUpSchedule schedule, DateOnly from, DateOnly? recorded) => recorded switch
    {
        _ when from < schedule.FirstDay || from > schedule.LastDay => $"The schedule runs {ScheduleLabels.Days(schedule)}; write one of those days.",
        { } day when from <= day => $"The top-up of {ScheduleLabels.Day(day)} is recorded; write a later day. To put that top-up right, correct it in its month.",
        _ => null,
    };

    private async Task ReplaceAsync(TopUpSchedule old, ScheduleTerms terms, CancellationToken cancellation)
    {
        var (before, from) = (ScheduleLabels.Client(old), terms.FirstDay);
        // From its first day on there would be nothing left of the old one, and one device has one schedule from a day.
        if (from == old.FirstDay) db.Remove(old);
        else (old.LastDay, old.EndedAt, old.EndedBy) = (from.AddDays(-1), clock.GetUtcNow(), current.Actor);
        await db.SaveChangesAsync(cancellation);
        var schedule = terms.Begin(old.SubscriptionId, clock.GetUtcNow(), current.Actor);
        db.Add(schedule);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Schedule, ScheduleLabels.Device(schedule), $"Reassigned from {before} to {ScheduleLabels.Client(schedule)}, {ScheduleLabels.Days(schedule)}", cancellation);
    }
}
