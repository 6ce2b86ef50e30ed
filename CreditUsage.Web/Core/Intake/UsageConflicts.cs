using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>Finds which of the events that were not inserted contradict a stored one; the others are duplicates (domain.md rule 6).</summary>
/// <param name="intakeId">Of what is being recorded: an event of it stands in the same file.</param>
/// <param name="lines">The lines of that file; null where there is none.</param>
internal sealed class UsageConflicts(CreditUsageDb db, NameLookup names, int intakeId, LinesOfEvents? lines)
{
    private readonly List<DoubleRow> _doubles = [];

    /// <summary>Of the conflicts that were found, top-ups that differ from the recorded one of their device and day in the id alone.</summary>
    public IReadOnlyList<DoubleRow> Doubles => _doubles;

    public async Task<List<(int Line, UsageFault Fault)>> FindAsync(IReadOnlyList<(int Line, UsageRecord Record)> batch, IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        var ids = rows.Select(row => row.EventId).ToList();
        var stored = await Recorded().Where(usage => ids.Contains(usage.EventId)).ToDictionaryAsync(usage => usage.EventId, cancellation);
        var conflicts = new List<(int, UsageFault)>();
        foreach (var ((line, record), row) in batch.Zip(rows))
        {
            var fault = stored.TryGetValue(record.EventId, out var known) ? OfId(known, row, record) : await OfDayAsync(line, row, record, cancellation);
            if (fault is not null) conflicts.Add((line, fault));
        }
        return conflicts;
    }

    /// <summary>With what this import itself has brought; of another's nothing is left in the way.</summary>
    private IQueryable<UsageEvent> Recorded() => db.UsageEvents.IgnoreQueryFilters([CreditUsageDb.StoredOnly]).AsNoTracking();

    private UsageFault? OfId(UsageEvent known, UsageEvent row, UsageRecord record) => Difference(known, row, record) is not { } difference ? null
        : new UsageFault(difference.Field, Line(known) is { } line
            ? $"Event {record.EventId} is on line {line} too, with another {difference.Field}{difference.Values}; leave one of them out or give it an id of its own."
            : $"Event {record.EventId} is already recorded with another {difference.Field}{difference.Values}; an event cannot be changed, so leave it out or give it an id of its own.");

    /// <summary>A second top-up of a device and day is a duplicate where the first was charged here and both agree.</summary>
    private async Task<UsageFault?> OfDayAsync(int line, UsageEvent row, UsageRecord record, CancellationToken cancellation)
    {
        var other = await Recorded().Where(usage => usage.DeviceNumber == row.DeviceNumber && usage.ServiceDate == row.ServiceDate).OrderByDescending(usage => usage.DayTurn).FirstAsync(cancellation);
        var charged = await db.UsageIntakes.AnyAsync(intake => intake.Id == other.IntakeId && intake.Source == UsageSource.Charge, cancellation);
        var found = Difference(other, row, record);
        if (!charged)
        {
            var earlier = Line(other);
            if (found is null && earlier is null) _doubles.Add(new DoubleRow(line, row.EventId, other.EventId));
            return new UsageFault("device_id", $"Device {row.DeviceNumber:D10} already has its top-up for {row.ServiceDate:yyyy-MM-dd}, event {other.EventId}{(earlier is null ? "" : $" on line {earlier}")}; leave this one out.");
        }
        return found is not { } difference ? null
            : new UsageFault(difference.Field, $"Device {row.DeviceNumber:D10} was charged here for {row.ServiceDate:yyyy-MM-dd}, event {other.EventId}, with another {difference.Field}{difference.Values}; leave this one out. You can reverse a wrong charge, then record the right amount as an adjustment.");
    }

    private int? Line(UsageEvent known) => known.IntakeId == intakeId ? lines?[known.EventId] : null;

    /// <summary>The first field that differs from the stored event, and both values. Empty credits and cost match anything.</summary>
    private (string Field, string Values)? Difference(UsageEvent known, UsageEvent row, UsageRecord record) => row switch
    {
        _ when known.Kind != row.Kind => ("kind", Values(known.Kind.Code(), row.Kind.Code())),
        _ when known.OccurredAt != row.OccurredAt => ("occurred_at", Values(Instant(known), Instant(row))),
        _ when known.StaffMemberId != row.StaffMemberId => ("staff_name", Values(names.StaffOf(known.StaffMemberId), $"{record.StaffId} {record.StaffName}")),
        _ when known.ClientId != row.ClientId => ("client_name", Values(known.ClientId is { } client ? names.ClientOf(client) : "no client", record.ClientId is null ? "no client" : $"{record.ClientId} {record.ClientName}")),
        _ when known.ProgramId != row.ProgramId => ("program", Values(names.ProgramOf(known.ProgramId), record.Program)),
        _ when known.TopUpDeviceId != row.TopUpDeviceId => ("identity_note", Values(known.TopUpDeviceId is { } device ? names.NoteOf(device) : "", record.IdentityNote ?? "")),
        _ when known.DurationMinutes != row.DurationMinutes => ("duration_minutes", Values(Text(known.DurationMinutes), Text(row.DurationMinutes))),
        _ when record.Credits is not null && known.Credits != row.Credits => ("credits", Values(Text(known.Credits), Text(row.Credits))),
        _ when record.CostPence is not null && known.CostPence != row.CostPence => ("cost_gbp", Values(Pounds(known.CostPence), Pounds(row.CostPence))),
        _ => null,
    };

    private static string Values(string? recorded, string sent) => recorded is null ? "" : $" ({(recorded.Length == 0 ? "nothing" : recorded)}, here {(sent.Length == 0 ? "nothing" : sent)})";

    private static string Instant(UsageEvent usage) => usage.Kind == UsageKind.DailyTopUp ? usage.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : usage.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Pounds(long? pence) => pence is { } known ? (known / 100m).ToString("F2", CultureInfo.InvariantCulture) : "no price";
}
