using System.Globalization;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>Puts a wrong staff member, client or program right: reverses the event and records it again with the right ones, in one step.</summary>
public sealed class ReplaceUsage(CreditUsageDb db, CurrentSubscription current, CorrectUsage correct, AuditLog audit, TimeProvider clock)
{
    /// <summary>The event as a file would have it, with what its corrections have made of it; null where there is none, or where it is reversed.</summary>
    public async Task<UsageInput?> FindAsync(string eventId, CancellationToken cancellation)
    {
        if (await NetUsage.FindAsync(db, eventId, cancellation) is not { IsReversed: false } net) return null;
        var (original, left) = (net.Original, net.Current);
        var names = await (from usage in db.UsageEvents
                           where usage.Id == original.Id
                           join staff in db.StaffMembers on usage.StaffMemberId equals staff.Id
                           join program in db.Programs on usage.ProgramId equals program.Id
                           from client in db.Clients.Where(client => client.Id == usage.ClientId).DefaultIfEmpty()
                           from device in db.TopUpDevices.Where(device => device.Id == usage.TopUpDeviceId).DefaultIfEmpty()
                           select new { staff.StaffId, Staff = staff.Name, Program = program.Name, client.ClientId, Client = client.Name, device.DeviceId, device.IdentityNote }).SingleAsync(cancellation);
        var session = original.Kind == UsageKind.ConnectedSession;
        return new UsageInput(
            original.EventId, original.Kind.Code(), session ? original.OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture) : original.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            names.StaffId, names.Staff, names.ClientId ?? "", names.Client ?? "", names.Program, names.DeviceId ?? "", names.IdentityNote ?? "",
            session ? left.Minutes.ToString(CultureInfo.InvariantCulture) : "", left.Credits.ToString(CultureInfo.InvariantCulture), "");
    }

    /// <param name="input">With the right names; all else is as <see cref="FindAsync"/> gave it.</param>
    /// <returns>The id of the event that takes its place, or what is wrong with the names.</returns>
    /// <exception cref="UserFacingException">The event is reversed already, or nothing differs; nothing has changed.</exception>
    public async Task<(string? EventId, IReadOnlyList<UsageFault> Faults)> RunAsync(UsageInput input, string reason, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        if (new UsageValidator(startsOn, clock.GetUtcNow()).Validate(input, out var faults) is not { } record) return (null, faults);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var found = await FindAsync(input.EventId, cancellation) ?? throw new UserFacingException("This event is already reversed.");
        if ((found.StaffId, found.StaffName, found.ClientId, found.ClientName, found.Program) == (record.StaffId, record.StaffName, record.ClientId ?? "", record.ClientName ?? "", record.Program))
            throw new UserFacingException("The event already has these names.");
        var net = (await NetUsage.FindAsync(db, input.EventId, cancellation))!;
        var reversal = await correct.ReverseAsync(input.EventId, reason, cancellation);
        var replacement = await AgainAsync(net, record, reversal, reason, cancellation);
        await audit.AddAsync(AuditAction.Correction, $"Event {replacement.EventId}", $"Takes the place of event {input.EventId}, {replacement.Credits} credits, shown in {replacement.ReportMonth.Name}", cancellation);
        await transaction.CommitAsync(cancellation);
        return (replacement.EventId, []);
    }

    private async Task<UsageEvent> AgainAsync(NetUsage net, UsageRecord record, UsageEvent reversal, string reason, CancellationToken cancellation)
    {
        var intake = new UsageIntake { SubscriptionId = net.Original.SubscriptionId, Source = UsageSource.Hand, RecordedAt = reversal.PostedAt, RecordedBy = current.Actor, Accepted = 1 };
        db.Add(intake);
        await db.SaveChangesAsync(cancellation);
        var turn = net.Original.DeviceNumber is not { } device ? 0
            : 1 + await db.UsageEvents.Where(usage => usage.DeviceNumber == device && usage.ServiceDate == net.Original.ServiceDate).MaxAsync(usage => usage.DayTurn, cancellation);
        var again = net.Again(await RecordedNames.FindOrAddAsync(db, record, cancellation), intake, reversal.ReportMonth, reason, turn);
        db.Add(again);
        await db.SaveChangesAsync(cancellation);
        return again;
    }
}
