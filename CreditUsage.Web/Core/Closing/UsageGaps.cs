using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Closing;

/// <summary>Finds what a month lacks by the months before it, so that a file that never came is looked for before the month is closed.</summary>
internal sealed class UsageGaps
{
    private const int MonthsBefore = 3;

    /// <summary>A day of the week is one with sessions, and a device is one that runs, where three of four days had some.</summary>
    private const int BusyOf4 = 3;

    private const int FewestWeeks = 4;

    private readonly CreditUsageDb _db;
    private readonly UsageMonth _month;
    private readonly IReadOnlyList<UsedDay> _before;
    private readonly IReadOnlyList<UsedDay> _own;

    private UsageGaps(CreditUsageDb db, UsageMonth month, IReadOnlyList<UsedDay> days) =>
        (_db, _month, _before, _own) = (db, month, [.. days.Where(day => day.Month < month)], [.. days.Where(day => day.Month == month)]);

    public bool HadTopUps => _before.Any(day => day.Device is not null);

    public static async Task<UsageGaps> LoadAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        var first = UsageMonth.FromNumber(month.Number - MonthsBefore);
        var days = await db.UsageEvents.Where(usage => usage.ReportMonth >= first && usage.ReportMonth <= month && usage.Correction == null)
            .GroupBy(usage => new { usage.ReportMonth, usage.ServiceDate, usage.TopUpDeviceId })
            .Select(day => new { day.Key.ReportMonth, day.Key.ServiceDate, day.Key.TopUpDeviceId, Events = day.Count() }).ToListAsync(cancellation);
        return new UsageGaps(db, month, days.ConvertAll(day => new UsedDay(day.ReportMonth, day.ServiceDate, day.TopUpDeviceId, day.Events)));
    }

    /// <summary>A sentence for each gap; none where the month goes on as those before it.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation)
    {
        if (_before.Count == 0) return [];
        if (_own.Count == 0) return [$"{_month.Name} has no usage at all, but earlier months had {Display.Count(_before.Sum(day => day.Events), "event", "events")}."];
        return [.. WithoutSessions(), .. WithoutTopUps(), .. await StoppedAsync(cancellation)];
    }

    private IEnumerable<string> WithoutSessions()
    {
        var (before, own) = (Sessions(_before), Sessions(_own));
        if (before.Count == 0) yield break;
        var busy = Days(before.Min(), _month.Start).GroupBy(day => day.DayOfWeek)
            .Where(weekday => weekday.Count() >= FewestWeeks && weekday.Count(before.Contains) * 4 >= weekday.Count() * BusyOf4).Select(weekday => weekday.Key).ToHashSet();
        var without = Days(_month.Start, _month.End).Where(day => busy.Contains(day.DayOfWeek) && !own.Contains(day)).ToList();
        if (without.Count > 0) yield return $"{Display.Count(without.Count, "day has", "days have")} no session, though earlier weeks had some on that day: {MonthChecklist.Listed(without.Select(Display.Day))}.";
    }

    private IEnumerable<string> WithoutTopUps()
    {
        var before = _before.Where(day => day.Device is not null).Sum(day => day.Events);
        if (before > 0 && _own.All(day => day.Device is null)) yield return $"{_month.Name} has no daily top-up, but earlier months had {Display.Number(before)}.";
    }

    /// <summary>A device whose schedule ended, or asks for the days that are missing, needs no word of its own.</summary>
    private async Task<IReadOnlyList<string>> StoppedAsync(CancellationToken cancellation)
    {
        var (previous, last) = (_month.Previous, _month.End.AddDays(-1));
        if (!_before.Any(day => day.Device is not null && previous.Contains(day.Day))) return [];
        // A device has a row for each note that it had.
        var rows = _before.Concat(_own).Where(day => day.Device is not null).Select(day => day.Device!.Value).Distinct().ToList();
        var devices = await _db.TopUpDevices.Where(device => rows.Contains(device.Id)).ToDictionaryAsync(device => device.Id, device => device.DeviceId, cancellation);
        var stopped = _before.Concat(_own).Where(day => day.Device is not null).GroupBy(day => devices[day.Device!.Value], day => day.Day, StringComparer.Ordinal)
            .Select(days => (Id: days.Key, Before: days.Count(previous.Contains), Last: days.Max()))
            .Where(device => device.Before * 4 >= (_month.Start.DayNumber - previous.Start.DayNumber) * BusyOf4 && device.Last < last).OrderBy(device => device.Id, StringComparer.Ordinal).ToList();
        if (stopped.Count == 0) return [];
        var scheduled = await _db.TopUpSchedules.AsNoTracking().Where(schedule => schedule.FirstDay <= last && schedule.LastDay >= previous.Start).Select(schedule => new { schedule.DeviceId, schedule.LastDay }).ToListAsync(cancellation);
        stopped.RemoveAll(device => scheduled.Exists(schedule => schedule.DeviceId == device.Id && schedule.LastDay >= device.Last));
        return stopped.Count == 0 ? [] : [$"{Display.Count(stopped.Count, "device", "devices")} stopped that ran in {previous.Name}: {MonthChecklist.Listed(stopped.Select(device => $"{device.Id} after {Display.Day(device.Last)}"))}."];
    }

    private static HashSet<DateOnly> Sessions(IEnumerable<UsedDay> days) => [.. days.Where(day => day.Device is null).Select(day => day.Day)];

    private static IEnumerable<DateOnly> Days(DateOnly first, DateOnly end) => Enumerable.Range(0, Math.Max(0, end.DayNumber - first.DayNumber)).Select(first.AddDays);

    /// <param name="Month">The month whose report shows the events.</param>
    /// <param name="Device">The row of a top-up's device; null for sessions.</param>
    private sealed record UsedDay(UsageMonth Month, DateOnly Day, int? Device, int Events);
}
