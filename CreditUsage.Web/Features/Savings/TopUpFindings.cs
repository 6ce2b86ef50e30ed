using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Savings;

/// <summary>Devices that cost something for nobody, or for a client who does not come any more.</summary>
internal static class IdleTopUps
{
    /// <summary>What costs most first. A device whose every charge was taken back and that no schedule runs is not among them.</summary>
    public static IEnumerable<MoneyFinding> Of(MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, TopUpHistory history) =>
        devices.Where(device => history.IdleSince.ContainsKey(device.Number))
            .Select(device => (Device: device, Since: history.IdleSince[device.Number]))
            .Select(idle => (idle.Device, idle.Since, Rows: idle.Device.Rows.Where(row => row.ServiceDate >= idle.Since).ToList()))
            .Where(idle => idle.Rows.Sum(row => (long)row.Credits) != 0 || idle.Device.RunsOn(usage.LastDay))
            .Select(idle => new MoneyFinding(
                MoneyFindingKind.Idle, $"{idle.Device.DeviceId}:{idle.Since:yyyy-MM-dd}", idle.Device.Shown, Said(usage, idle.Device, idle.Since, idle.Rows, history), DeviceInMonth.PenceOf(idle.Rows)))
            .OrderByDescending(finding => finding.Pence).ThenBy(finding => finding.Whom, StringComparer.Ordinal);

    private static string Said(MonthUsage usage, DeviceInMonth device, DateOnly since, List<UsageRow> rows, TopUpHistory history) =>
        $"{Why(usage, device, history)} {Charged(usage, rows)} Idle since {Display.Day(since)}.";

    private static string Why(MonthUsage usage, DeviceInMonth device, TopUpHistory history)
    {
        if (device.Owner is not { } owner) return "It has no client.";
        if (!history.LastSessions.TryGetValue(owner, out var last)) return $"Its client, {device.Client}, has never had a connected session.";
        return $"The last connected session of its client, {device.Client}, was on {Display.Day(last)}, {Display.Count(usage.LastDay.DayNumber - last.DayNumber, "day", "days")} before {Display.Day(usage.LastDay)}.";
    }

    private static string Charged(MonthUsage usage, List<UsageRow> rows) =>
        rows.Count == 0 ? $"A schedule runs it, and {usage.Month.Name} has charged nothing for it yet." : $"{Display.Count(rows.Sum(row => (long)row.Credits), "credit", "credits")} in {usage.Month.Name}.";
}
