using CreditUsage.Data;
using CreditUsage.Domain;
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
        var corrected = await db.UsageEvents.Where(usage => usage.EventId == eventId && usage.CorrectsId != null).Select(usage => usage.CorrectsId).SingleOrDefaultAsync(cancellation);
        if (corrected is not null) eventId = await db.UsageEvents.Where(usage => usage.Id == corrected).Select(usage => usage.EventId).SingleAsync(cancellation);
        if (await StandingUsage.FindAsync(db, eventId, cancellation) is not { } standing) return null;
        var usage = standing.Original;
        var device = await db.TopUpDevices.AsNoTracking().SingleOrDefaultAsync(device => device.Id == usage.TopUpDeviceId, cancellation);
        var client = await db.Clients.Where(client => client.Id == usage.ClientId).Select(client => client.Name).SingleOrDefaultAsync(cancellation);
        var intakeIds = standing.Corrections.Select(correction => correction.IntakeId).Append(usage.IntakeId).ToList();
        var intakes = await db.UsageIntakes.AsNoTracking().Where(intake => intakeIds.Contains(intake.Id)).ToDictionaryAsync(intake => intake.Id, cancellation);
        return new CorrectedEvent(
            standing,
            await db.StaffMembers.Where(staff => staff.Id == usage.StaffMemberId).Select(staff => staff.Name).SingleAsync(cancellation),
            string.Join(", ", new[] { client, device is null ? null : $"device {device.DeviceId} {device.IdentityNote}".TrimEnd() }.Where(part => part is not null)),
            await db.Programs.Where(program => program.Id == usage.ProgramId).Select(program => program.Name).SingleAsync(cancellation),
            intakes[usage.IntakeId],
            [.. standing.Corrections.Select(correction => intakes[correction.IntakeId])]);
    }
}
