using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport.MoneyFound;

/// <summary>What the months before say of devices and their clients.</summary>
/// <param name="LastSessions">The day of each client's last connected session, up to the last day looked at, by the client's own id.</param>
/// <param name="IdleSince">The first day of each idle device's stretch: charged for whom it has last, with no session of theirs since.</param>
/// <param name="Late">Top-ups of the month that a later month's report shows, since they came in after it was closed.</param>
internal sealed record TopUpHistory(IReadOnlyDictionary<string, DateOnly> LastSessions, IReadOnlyDictionary<long, DateOnly> IdleSince, IReadOnlySet<(long Device, DateOnly Day)> Late)
{
    /// <summary>In two commands; in a third one where a card came back to whom it belonged to before.</summary>
    /// <param name="days">How long without a session is idle.</param>
    public static async Task<TopUpHistory> LoadAsync(CreditUsageDb db, MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, int days, CancellationToken cancellation)
    {
        var sessions = await LastSessionsAsync(db, usage, devices, cancellation);
        var idle = devices.Where(device => IsIdle(device, sessions, usage.LastDay, days)).Select(device => new IdleDevice(device, LastOf(device, sessions))).ToList();
        var charges = (await Charges(db, usage, devices, idle).ToListAsync(cancellation)).ToLookup(run => run.Device);
        var returned = idle.Where(device => IsReturned(usage, device, charges[device.Number])).ToList();
        var whole = (returned.Count == 0 ? [] : await OneByOne(Of(db, usage, Numbers(returned)), late: false).ToListAsync(cancellation)).ToLookup(run => run.Device);
        var since = new Dictionary<long, DateOnly>();
        foreach (var device in idle)
            if ((SinceOf(usage, device, whole[device.Number].Concat(charges[device.Number]).Where(run => !run.Late)) ?? FirstScheduled(device)) is { } first) since[device.Number] = first;
        return new(sessions, since, charges.SelectMany(runs => runs).Where(run => run.Late).Select(run => (run.Device, run.First)).ToHashSet());
    }

    private static bool IsIdle(DeviceInMonth device, Dictionary<string, DateOnly> sessions, DateOnly lastDay, int days) =>
        device.Owner is null || !sessions.TryGetValue(device.Owner, out var session) || lastDay.DayNumber - session.DayNumber >= days;

    private static DateOnly? LastOf(DeviceInMonth device, Dictionary<string, DateOnly> sessions) => device.Owner is { } owner && sessions.TryGetValue(owner, out var session) ? session : null;

    /// <summary>Whether the first charge after others' is not among what was read: the stretch lies within a run.</summary>
    private static bool IsReturned(MonthUsage usage, IdleDevice device, IEnumerable<ChargeRun> runs)
    {
        var all = runs.Where(run => !run.Late).ToList();
        var others = all.Where(run => usage.ClientOf(run.ClientId) != device.Device.Owner).Select(run => (DateOnly?)run.Last).Max();
        return all.Exists(run => usage.ClientOf(run.ClientId) == device.Device.Owner && run.First < others && run.Last > others);
    }

    /// <summary>The first day that was charged for whom the device has last, after anybody else's and after their last session.</summary>
    private static DateOnly? SinceOf(MonthUsage usage, IdleDevice device, IEnumerable<ChargeRun> runs)
    {
        var own = runs.ToLookup(run => usage.ClientOf(run.ClientId) == device.Device.Owner);
        var others = own[false].Select(run => (DateOnly?)run.Last).Max();
        return own[true].Where(run => (others is null || run.First > others) && (device.LastSession is null || run.First > device.LastSession)).Select(run => (DateOnly?)run.First).Min();
    }

    private static DateOnly? FirstScheduled(IdleDevice device)
    {
        if (device.Device.Schedules.Count == 0) return null;
        var first = device.Device.Schedules[^1].FirstDay;
        return device.LastSession >= first ? device.LastSession.Value.AddDays(1) : first;
    }

    /// <summary>Of every name that a client has had. A session that was taken back is none.</summary>
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
    /// Of idle devices whose client never came, or that have none, the first and the last day for each name, since a charge a day for years would be
    /// read for nothing; of the others what came after the earliest last session; and what a later month shows of this one.
    /// </summary>
    private static IQueryable<ChargeRun> Charges(CreditUsageDb db, MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, List<IdleDevice> idle)
    {
        var whole = Numbers(idle.Where(device => device.LastSession is null));
        var (after, from) = (Numbers(idle.Where(device => device.LastSession is not null)), idle.Min(device => device.LastSession) ?? usage.Month.Start);
        var all = devices.Select(device => device.Number).ToList();
        var runs = Of(db, usage, whole).GroupBy(charge => new { charge.DeviceNumber, charge.ClientId }).Select(same => new ChargeRun
        {
            Device = same.Key.DeviceNumber!.Value,
            ClientId = same.Key.ClientId,
            First = same.Min(charge => charge.ServiceDate),
            Last = same.Max(charge => charge.ServiceDate),
            Late = false,
        });
        return runs.Concat(OneByOne(Of(db, usage, after).Where(charge => charge.ServiceDate > from), late: false))
            .Concat(OneByOne(Of(db, usage, all).Where(charge => charge.ServiceDate >= usage.Month.Start && charge.ReportMonth > usage.Month), late: true));
    }

    private static IQueryable<ChargeRun> OneByOne(IQueryable<UsageEvent> charges, bool late) => charges.Select(charge => new ChargeRun
    {
        Device = charge.DeviceNumber!.Value,
        ClientId = charge.ClientId,
        First = charge.ServiceDate,
        Last = charge.ServiceDate,
        Late = late,
    });

    private static IQueryable<UsageEvent> Of(CreditUsageDb db, MonthUsage usage, List<long> devices) =>
        db.UsageEvents.Where(charge => charge.DeviceNumber != null && EF.Parameter(devices).Contains(charge.DeviceNumber.Value) && charge.ServiceDate < usage.Month.End);

    private static List<long> Numbers(IEnumerable<IdleDevice> devices) => [.. devices.Select(device => device.Number)];

    /// <param name="LastSession">Of its client; null where there has been none.</param>
    private sealed record IdleDevice(DeviceInMonth Device, DateOnly? LastSession)
    {
        public long Number { get; } = Device.Number;
    }

    /// <summary>Charges for one name from a day to another; between them there may be charges for other names.</summary>
    private sealed class ChargeRun
    {
        public required long Device { get; init; }

        public required int? ClientId { get; init; }

        public required DateOnly First { get; init; }

        public required DateOnly Last { get; init; }

        /// <summary>A later month shows it.</summary>
        public required bool Late { get; init; }
    }
}
