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
    /// <summary>In two commands.</summary>
    /// <param name="days">How long without a session is idle.</param>
    public static async Task<TopUpHistory> LoadAsync(CreditUsageDb db, MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, int days, CancellationToken cancellation)
    {
        var sessions = await LastSessionsAsync(db, usage, devices, cancellation);
        var idle = devices.Where(device => IsIdle(device, sessions, usage.LastDay, days)).ToDictionary(device => device.Number);
        var (since, late) = (new Dictionary<long, DateOnly>(), new HashSet<(long, DateOnly)>());
        await foreach (var charge in Charges(db, usage, devices, idle).WithCancellation(cancellation))
        {
            if (charge.Month > usage.Month && charge.Day >= usage.Month.Start) late.Add((charge.Device, charge.Day));
            if (!idle.TryGetValue(charge.Device, out var device)) continue;
            if (usage.ClientOf(charge.ClientId) != device.Owner || (device.Owner is { } owner && sessions.TryGetValue(owner, out var session) && session >= charge.Day)) since.Remove(charge.Device);
            else since.TryAdd(charge.Device, charge.Day);
        }
        foreach (var device in idle.Values.Where(device => !since.ContainsKey(device.Number) && device.Schedules.Count > 0)) since[device.Number] = FirstScheduled(device, sessions);
        return new(sessions, since, late);
    }

    private static bool IsIdle(DeviceInMonth device, Dictionary<string, DateOnly> sessions, DateOnly lastDay, int days) =>
        device.Owner is null || !sessions.TryGetValue(device.Owner, out var session) || lastDay.DayNumber - session.DayNumber >= days;

    private static DateOnly FirstScheduled(DeviceInMonth device, Dictionary<string, DateOnly> sessions)
    {
        var first = device.Schedules[^1].FirstDay;
        return device.Owner is { } owner && sessions.TryGetValue(owner, out var session) && session >= first ? session.AddDays(1) : first;
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

    /// <summary>Of idle devices from the start, of the others in this month only.</summary>
    private static IAsyncEnumerable<Charge> Charges(CreditUsageDb db, MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, Dictionary<long, DeviceInMonth> idle)
    {
        var (all, idleOnes) = (devices.Select(device => device.Number).ToList(), idle.Keys.ToList());
        return db.UsageEvents
            .Where(charge => charge.DeviceNumber != null && EF.Parameter(all).Contains(charge.DeviceNumber.Value) && charge.ServiceDate < usage.Month.End
                && (charge.ServiceDate >= usage.Month.Start || EF.Parameter(idleOnes).Contains(charge.DeviceNumber.Value)))
            .OrderBy(charge => charge.DeviceNumber).ThenBy(charge => charge.ServiceDate)
            .Select(charge => new Charge(charge.DeviceNumber!.Value, charge.ServiceDate, charge.ClientId, charge.ReportMonth)).AsAsyncEnumerable();
    }

    private sealed record Charge(long Device, DateOnly Day, int? ClientId, UsageMonth Month);
}
