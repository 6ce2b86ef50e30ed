using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>An event with its names and intakes, as its page shows it.</summary>
/// <param name="Client">The client, or the device and its note.</param>
public sealed record CorrectedEvent(NetUsage Net, string Staff, string Client, string Program, UsageIntake Intake, IReadOnlyList<UsageIntake> CorrectionIntakes)
{
    /// <summary>The id may be that of an event or of one of its corrections.</summary>
    public static async Task<CorrectedEvent?> FindAsync(CreditUsageDb db, string eventId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var corrects = await (from correction in db.UsageEvents
                              where correction.EventId == eventId
                              join original in db.UsageEvents on correction.CorrectsId equals original.Id
                              select original.EventId).SingleOrDefaultAsync(cancellation);
        if (await NetUsage.FindAsync(db, corrects ?? eventId, cancellation) is not { } net) return null;
        var (staff, client, program) = await NamesAsync(db, net.Original, cancellation);
        var intakeIds = net.Corrections.Select(correction => correction.IntakeId).Append(net.Original.IntakeId).ToList();
        var intakes = await db.UsageIntakes.AsNoTracking().Where(intake => intakeIds.Contains(intake.Id)).ToDictionaryAsync(intake => intake.Id, cancellation);
        return new CorrectedEvent(
            net, staff, client, program, intakes[net.Original.IntakeId], [.. net.Corrections.Select(correction => intakes[correction.IntakeId])]);
    }

    private static async Task<(string Staff, string Client, string Program)> NamesAsync(CreditUsageDb db, UsageEvent original, CancellationToken cancellation)
    {
        var names = await (from usage in db.UsageEvents
                           where usage.Id == original.Id
                           join staff in db.StaffMembers on usage.StaffMemberId equals staff.Id
                           join program in db.Programs on usage.ProgramId equals program.Id
                           join owner in db.Clients on usage.ClientId equals owner.Id into owners
                           from client in owners.DefaultIfEmpty()
                           join card in db.TopUpDevices on usage.TopUpDeviceId equals card.Id into cards
                           from device in cards.DefaultIfEmpty()
                           select new { Staff = staff.Name, Program = program.Name, Client = (string?)client.Name, DeviceId = (string?)device.DeviceId, device.IdentityNote })
            .SingleAsync(cancellation);
        var deviceShown = names.DeviceId is null ? null : $"device {names.DeviceId} {names.IdentityNote}".TrimEnd();
        return (names.Staff, string.Join(", ", new[] { names.Client, deviceShown }.Where(part => part is not null)), names.Program);
    }
}

public sealed record LatestCorrection(string EventId, UsageMonth ReportMonth, DateOnly ServiceDate, CorrectionKind Kind, int Credits, long? CostPence, string Reason, DateTimeOffset RecordedAt, string RecordedBy)
{
    public static async Task<IReadOnlyList<LatestCorrection>> ListAsync(CreditUsageDb db, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await (from correction in db.UsageEvents.AsNoTracking()
                      where correction.CorrectsId != null
                      join original in db.UsageEvents on correction.CorrectsId equals original.Id
                      join intake in db.UsageIntakes on correction.IntakeId equals intake.Id
                      orderby correction.Id descending
                      select new LatestCorrection(
                          original.EventId, correction.ReportMonth, correction.ServiceDate, correction.Correction!.Value, correction.Credits, correction.CostPence, correction.Reason ?? "", intake.RecordedAt, intake.RecordedBy))
            .Take(most).ToListAsync(cancellation);
    }
}
