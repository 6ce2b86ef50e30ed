using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Verify;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>An event as its page shows it: names, how it came in, its corrections.</summary>
/// <param name="Client">The client, or the device and its note.</param>
public sealed record CorrectedEvent(StandingUsage Standing, string Staff, string Client, string Program, UsageIntake Intake, IReadOnlyList<UsageIntake> CorrectionIntakes)
{
    /// <summary>The event with an id, or the one that a correction with that id points at.</summary>
    public static async Task<CorrectedEvent?> FindAsync(CreditUsageDb db, string eventId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var corrects = await (from correction in db.UsageEvents
                              where correction.EventId == eventId
                              join original in db.UsageEvents on correction.CorrectsId equals original.Id
                              select original.EventId).SingleOrDefaultAsync(cancellation);
        if (await StandingUsage.FindAsync(db, corrects ?? eventId, cancellation) is not { } standing) return null;
        var (staff, client, program) = await NamesAsync(db, standing.Original, cancellation);
        var intakeIds = standing.Corrections.Select(correction => correction.IntakeId).Append(standing.Original.IntakeId).ToList();
        var intakes = await db.UsageIntakes.AsNoTracking().Where(intake => intakeIds.Contains(intake.Id)).ToDictionaryAsync(intake => intake.Id, cancellation);
        return new CorrectedEvent(
            standing, staff, client, program, intakes[standing.Original.IntakeId], [.. standing.Corrections.Select(correction => intakes[correction.IntakeId])]);
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
