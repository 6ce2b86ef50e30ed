using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Schedules;

namespace CreditUsage.Features.Savings;

/// <summary>A device's days in a month, from the first to the last.</summary>
/// <param name="Days">One for each day of the month.</param>
/// <param name="Scheduled">When its schedules run, in words.</param>
public sealed record DeviceStrip(string DeviceId, string Device, IReadOnlyList<DayMark> Days, string Scheduled)
{
    /// <summary>"29 charged, 1 charged outside its schedule".</summary>
    public string Counted => string.Join(", ", Days.Where(mark => mark != DayMark.Nothing).GroupBy(mark => mark).OrderBy(mark => mark.Key).Select(mark => $"{mark.Count()} {mark.Key.Words()}"));

    internal static DeviceStrip Of(MonthUsage usage, DeviceInMonth device, TopUpHistory history, DateOnly missingFrom, DateOnly yesterday)
    {
        var charged = device.Rows.Where(row => row.Correction?.Kind != CorrectionKind.Adjustment).ToLookup(row => row.ServiceDate);
        var days = Enumerable.Range(0, usage.Month.End.DayNumber - usage.Month.Start.DayNumber).Select(usage.Month.Start.AddDays);
        return new(device.DeviceId, device.Shown, [.. days.Select(MarkOf)], Words(device));

        DayMark MarkOf(DateOnly day)
        {
            var rows = charged[day].ToList();
            if (rows.Exists(row => row.Correction is not null)) return DayMark.TakenBack;
            if (rows.Count > 0) return device.Schedules.Count > 0 && !device.RunsOn(day) ? DayMark.Outside : DayMark.Charged;
            if (history.Late.Contains((device.Number, day))) return DayMark.Late;
            return device.RunsOn(day) && day >= missingFrom && day <= yesterday ? DayMark.Missing : DayMark.Nothing;
        }
    }

    private static string Words(DeviceInMonth device) => device.Schedules.Count == 0 ? "No schedule is recorded."
        : string.Join(", ", device.Schedules.Select(schedule => $"{Display.Day(schedule.FirstDay)} to {Display.Day(schedule.LastDay)}"));
}
