using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Savings;

/// <summary>Devices that cost something without a client, or with one who no longer comes.</summary>
internal static class IdleTopUps
{
    /// <summary>Most expensive first, without devices that have no schedule and whose charges were all reversed.</summary>
    public static IEnumerable<SavingsFinding> Of(MonthUsage usage, IReadOnlyList<DeviceInMonth> devices, TopUpHistory history) =>
        devices.Where(device => history.IdleSince.ContainsKey(device.Number))
            .Select(device => (Device: device, Since: history.IdleSince[device.Number]))
            .Select(idle => (idle.Device, idle.Since, Rows: idle.Device.Rows.Where(row => row.ServiceDate >= idle.Since).ToList()))
            .Where(idle => idle.Rows.Sum(row => (long)row.Credits) != 0 || idle.Device.RunsOn(usage.LastDay))
            .Select(idle => new SavingsFinding(
                SavingsFindingKind.Idle, $"{idle.Device.DeviceId}:{idle.Since:yyyy-MM-dd}", idle.Device.Title, Message(usage, idle.Device, idle.Since, idle.Rows, history), DeviceInMonth.PenceOf(idle.Rows)))
            .OrderByDescending(finding => finding.Pence).ThenBy(finding => finding.Subject, StringComparer.Ordinal);

    private static string Message(MonthUsage usage, DeviceInMonth device, DateOnly since, List<UsageRow> rows, TopUpHistory history) =>
        $"{Why(usage, device, history)} {Charged(usage, rows)} Idle since {Display.Day(since)}.";

    private static string Why(MonthUsage usage, DeviceInMonth device, TopUpHistory history)
    {
        if (device.Owner is not { } owner) return "It has no client.";
        if (!history.LastSessions.TryGetValue(owner, out var last)) return $"Its client, {device.Client}, has never had a connected session.";
        return $"The last connected session of its client, {device.Client}, was on {Display.Day(last)}, {Display.Count(usage.LastDay.DayNumber - last.DayNumber, "day", "days")} before {Display.Day(usage.LastDay)}.";
    }

    private static string Charged(MonthUsage usage, List<UsageRow> rows) =>
        rows.Count == 0 ? $"A schedule runs it; nothing has been charged in {usage.Month.Name} yet." : $"{Display.Count(rows.Sum(row => (long)row.Credits), "credit", "credits")} in {usage.Month.Name}.";
}

/// <summary>Charges where no schedule runs, and scheduled days without one.</summary>
internal static class ScheduleFindings
{
    public static IEnumerable<SavingsFinding> Of(MonthUsage usage, DeviceInMonth device, DeviceStrip strip)
    {
        if (device.Schedules.Count == 0) yield break;
        // Late usage of a closed month is charged here, but its day is not on this strip.
        var outside = device.Rows.Where(row => !device.RunsOn(row.ServiceDate)).ToList();
        if (outside.Sum(row => (long)row.Credits) != 0)
            yield return new(SavingsFindingKind.Outside, $"{device.DeviceId}:{usage.Month}", device.Title, $"Charged for {Days(outside.Select(row => row.ServiceDate).Distinct())}. Its schedules: {strip.Scheduled}.", DeviceInMonth.PenceOf(outside));
        var missing = strip.Days.Select((mark, place) => (mark, Day: usage.Month.Start.AddDays(place))).Where(day => day.mark == DayMark.Missing).Select(day => day.Day).ToList();
        if (missing.Count > 0)
            yield return new(SavingsFindingKind.Missing, $"{device.DeviceId}:{usage.Month}", device.Title, $"No charge for {Days(missing)}. Its schedules: {strip.Scheduled}.", Uncharged(usage, missing));
    }

    private static long? Uncharged(MonthUsage usage, List<DateOnly> days)
    {
        var priced = usage.Rows.Where(row => row.UnitPriceMicros is not null).Select(row => (row.ServiceDate, Micros: row.UnitPriceMicros!.Value)).Distinct().Select(row => new CreditPrice { ValidFrom = row.ServiceDate, PriceMicros = row.Micros }).ToList();
        return days.Aggregate((long?)0, (sum, day) => sum + CreditPrice.On(priced, day)?.CostPence(CreditRule.CreditsPerTopUp));
    }

    /// <summary>"03/10/2026, 05/10/2026 to 09/10/2026".</summary>
    private static string Days(IEnumerable<DateOnly> days) => string.Join(", ", days.Order().Select((day, place) => (day, place)).GroupBy(day => day.day.DayNumber - day.place)
        .Select(run => run.Count() == 1 ? Display.Day(run.First().day) : $"{Display.Day(run.First().day)} to {Display.Day(run.Last().day)}"));
}
