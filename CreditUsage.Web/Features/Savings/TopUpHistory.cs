using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Savings;

/// <summary>What earlier months show of devices and their clients.</summary>
/// <param name="LastSessions">The day of each client's last session, by the client's own id.</param>
/// <param name="IdleSince">The first day of each idle device's stretch: charged for its latest client, with no session of theirs since.</param>
/// <param name="Late">Top-ups of the month that came in after it was closed: a later month's report shows them.</param>
internal sealed record TopUpHistory(IReadOnlyDictionary<string, DateOnly> LastSessions, IReadOnlyDictionary<long, DateOnly> IdleSince, IReadOnlySet<(long Device, DateOnly Day)> Late)
{
    /// <summary>In two commands.</summary>
    public static async Task<TopUpHistory> LoadAsync(CreditUsageDb db, MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, int days, CancellationToken cancellation)
    {
        var sessions = await LastSessionsAsync(db, usage, devices, cancellation);
        var idle = devices.Where(device => IsIdle(device, sessions, usage.LastDay, days)).Select(device => new IdleDevice(device, LastOf(device, sessions))).ToList();
        var charges = (await Charges(db, usage, devices, idle).ToListAsync(cancellation)).ToLookup(charge => charge.Device);
        var since = new Dictionary<long, DateOnly>();
        foreach (var device in idle)
            if ((SinceOf(device, charges[device.Number].Where(charge => !charge.Late)) ?? FirstScheduled(device)) is { } first) since[device.Number] = first;
        return new(sessions, since, charges.SelectMany(same => same).Where(charge => charge.Late).Select(charge => (charge.Device, charge.Day!.Value)).ToHashSet());
    }

    private static bool IsIdle(DeviceInMonth device, Dictionary<string, DateOnly> sessions, DateOnly lastDay, int days) =>
        device.Owner is null || !sessions.TryGetValue(device.Owner, out var session) || lastDay.DayNumber - session.DayNumber >= days;

    private static DateOnly? LastOf(DeviceInMonth device, Dictionary<string, DateOnly> sessions) => device.Owner is { } owner && sessions.TryGetValue(owner, out var session) ? session : null;

    /// <summary>The first day charged for the device's latest client, after anybody else's and after their last session.</summary>
    private static DateOnly? SinceOf(IdleDevice device, IEnumerable<Charge> charges)
    {
        var own = charges.ToLookup(charge => charge.Owner == device.Device.Owner);
        var others = own[false].Max(charge => charge.Day);
        return own[true].Where(charge => (others is null || charge.Day > others) && (device.LastSession is null || charge.Day > device.LastSession)).Min(charge => charge.Day);
    }

    private static DateOnly? FirstScheduled(IdleDevice device)
    {
        if (device.Device.Schedules.Count == 0) return null;
        var first = device.Device.Schedules[^1].FirstDay;
        return device.LastSession >= first ? device.LastSession.Value.AddDays(1) : first;
    }

    /// <summary>Under every name of the client; reversed sessions do not count.</summary>
    private static async Task<Dictionary<string, DateOnly>> LastSessionsAsync(CreditUsageDb db, MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, CancellationToken cancellation)
    {
        var ids = usage.Names.RowsOf(NameKind.Client, devices.Select(device => device.Owner).OfType<string>());
        var found = await db.UsageEvents
            .Where(session => session.Kind == UsageKind.ConnectedSession && session.Correction == null && session.ServiceDate <= usage.LastDay && session.ClientId != null && EF.Parameter(ids).Contains(session.ClientId.Value)
                && !db.UsageEvents.Any(correction => correction.CorrectsId == session.Id && correction.Correction == CorrectionKind.Reversal))
            .GroupBy(session => session.ClientId).Select(client => new { Client = client.Key, Last = client.Max(session => session.ServiceDate) }).ToListAsync(cancellation);
        return found.GroupBy(client => usage.ClientOf(client.Client)!, StringComparer.Ordinal).ToDictionary(client => client.Key, client => client.Max(name => name.Last), StringComparer.Ordinal);
    }

    /// <summary>
    /// For idle devices without a client or a session, one day for each client they were charged for, since a charge a day for years would be read for
    /// nothing; for the others what came after the earliest last session; and what a later month shows of this one.
    /// </summary>
    private static IQueryable<Charge> Charges(CreditUsageDb db, MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, List<IdleDevice> idle)
    {
        var whole = Numbers(idle.Where(device => device.LastSession is null));
        var (after, from) = (Numbers(idle.Where(device => device.LastSession is not null)), idle.Min(device => device.LastSession) ?? usage.Month.Start);
        var all = devices.Select(device => device.Number).ToList();
        return AfterOthers(Of(db, Made(db, usage, whole), late: false))
            .Concat(Of(db, Made(db, usage, after).Where(charge => charge.ServiceDate > from), late: false))
            .Concat(Of(db, Made(db, usage, all).Where(charge => charge.ServiceDate >= usage.Month.Start && charge.ReportMonth > usage.Month), late: true));
    }

    /// <summary>The first charge for each client after the last one for anybody else; without a day where there is none.</summary>
    private static IQueryable<Charge> AfterOthers(IQueryable<Charge> charges) => charges.GroupBy(charge => new { charge.Device, charge.Owner }).Select(same => new Charge
    {
        Device = same.Key.Device,
        Owner = same.Key.Owner,
        Day = charges.Where(own => own.Device == same.Key.Device && own.Owner == same.Key.Owner
            && own.Day > (charges.Where(other => other.Device == same.Key.Device && other.Owner != same.Key.Owner).Max(other => other.Day) ?? DateOnly.MinValue)).Min(own => own.Day),
        Late = false,
    });

    private static IQueryable<Charge> Of(CreditUsageDb db, IQueryable<UsageEvent> made, bool late) => made.LeftJoin(db.Clients, charge => charge.ClientId, client => (int?)client.Id, (charge, client) => new Charge
    {
        Device = charge.DeviceNumber!.Value,
        Owner = client!.ClientId,
        Day = charge.ServiceDate,
        Late = late,
    });

    private static IQueryable<UsageEvent> Made(CreditUsageDb db, MonthUsage usage, List<long> devices) =>
        db.UsageEvents.Where(charge => charge.DeviceNumber != null && EF.Parameter(devices).Contains(charge.DeviceNumber.Value) && charge.ServiceDate < usage.Month.End);

    private static List<long> Numbers(IEnumerable<IdleDevice> devices) => [.. devices.Select(device => device.Number)];

    private sealed record IdleDevice(DeviceInMonth Device, DateOnly? LastSession)
    {
        public long Number { get; } = Device.Number;
    }

    private sealed class Charge
    {
        public required long Device { get; init; }

        /// <summary>The client's own id; null for none.</summary>
        public required string? Owner { get; init; }

        public required DateOnly? Day { get; init; }

        public required bool Late { get; init; }
    }
}
