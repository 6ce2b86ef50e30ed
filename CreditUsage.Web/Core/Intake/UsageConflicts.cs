using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>Finds which of the events that were not inserted contradict a stored one; the others are duplicates (domain.md rule 6).</summary>
internal static class UsageConflicts
{
    public static async Task<List<(int Line, UsageFault Fault)>> FindAsync(
        CreditUsageDb db, IReadOnlyList<(int Line, UsageRecord Record)> batch, IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        var ids = rows.Select(row => row.EventId).ToList();
        var stored = await Recorded(db).Where(usage => ids.Contains(usage.EventId)).ToDictionaryAsync(usage => usage.EventId, cancellation);
        var conflicts = new List<(int, UsageFault)>();
        foreach (var ((line, record), row) in batch.Zip(rows))
        {
            var fault = stored.TryGetValue(record.EventId, out var known) ? OfId(known, row, record) : await OfDayAsync(db, row, record, cancellation);
            if (fault is not null) conflicts.Add((line, fault));
        }
        return conflicts;
    }

    /// <summary>With what this import itself has brought; of another's nothing is left in the way.</summary>
    private static IQueryable<UsageEvent> Recorded(CreditUsageDb db) => db.UsageEvents.IgnoreQueryFilters([CreditUsageDb.StoredOnly]).AsNoTracking();

    private static UsageFault? OfId(UsageEvent known, UsageEvent row, UsageRecord record) => Difference(known, row, record) is not { } field ? null
        : new UsageFault(field, $"Event {record.EventId} is already recorded with another {field}; an event cannot be changed, so leave it out or give it an id of its own.");

    /// <summary>A second top-up of a device and day is a duplicate where the first was charged here and both agree.</summary>
    private static async Task<UsageFault?> OfDayAsync(CreditUsageDb db, UsageEvent row, UsageRecord record, CancellationToken cancellation)
    {
        var other = await Recorded(db).SingleAsync(usage => usage.DeviceNumber == row.DeviceNumber && usage.ServiceDate == row.ServiceDate, cancellation);
        var charged = await db.UsageIntakes.AnyAsync(intake => intake.Id == other.IntakeId && intake.Source == UsageSource.Charge, cancellation);
        if (!charged) return new UsageFault("device_id", $"Device {row.DeviceNumber:D10} already has its top-up for {row.ServiceDate:yyyy-MM-dd}, event {other.EventId}; leave this one out.");
        return Difference(other, row, record) is not { } field ? null
            : new UsageFault(field, $"Device {row.DeviceNumber:D10} was charged here for {row.ServiceDate:yyyy-MM-dd}, event {other.EventId}, with another {field}; leave this one out. You can reverse a wrong charge, then record the right amount as an adjustment.");
    }

    /// <summary>The first field that differs from the stored event. Empty credits and cost match anything.</summary>
    private static string? Difference(UsageEvent known, UsageEvent row, UsageRecord record) => row switch
    {
        _ when known.Kind != row.Kind => "kind",
        _ when known.OccurredAt != row.OccurredAt => "occurred_at",
        _ when known.StaffMemberId != row.StaffMemberId => "staff_name",
        _ when known.ClientId != row.ClientId => "client_name",
        _ when known.ProgramId != row.ProgramId => "program",
        _ when known.TopUpDeviceId != row.TopUpDeviceId => "identity_note",
        _ when known.DurationMinutes != row.DurationMinutes => "duration_minutes",
        _ when record.Credits is not null && known.Credits != row.Credits => "credits",
        _ when record.CostPence is not null && known.CostPence != row.CostPence => "cost_gbp",
        _ => null,
    };
}
