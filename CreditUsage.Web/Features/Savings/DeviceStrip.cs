using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Savings;

/// <summary>A device that was charged in the month, or whose schedule runs in it.</summary>
/// <param name="DeviceId">Ten digits.</param>
/// <param name="Note">The latest; may be empty.</param>
/// <param name="Owner">The own id of its latest client; null for a shared card.</param>
/// <param name="Rows">What the month charged, corrections included.</param>
internal sealed record DeviceInMonth(string DeviceId, string Note, string? Owner, string? Client, IReadOnlyList<UsageRow> Rows, IReadOnlyList<TopUpSchedule> Schedules)
{
    public long Number => long.Parse(DeviceId, System.Globalization.CultureInfo.InvariantCulture);

    public string Title => $"{DeviceId} {Note}".TrimEnd();

    public static IReadOnlyList<DeviceInMonth> Of(MonthUsage usage, IReadOnlyList<TopUpSchedule> schedules)
    {
        var charged = usage.TopUps.ToLookup(row => row.DeviceId!, StringComparer.Ordinal);
        var scheduled = schedules.ToLookup(schedule => schedule.DeviceId, StringComparer.Ordinal);
        var running = schedules.Where(schedule => schedule.FirstDay < usage.Month.End && schedule.LastDay >= usage.Month.Start).Select(schedule => schedule.DeviceId);
        return charged.Select(device => device.Key).Union(running, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(id => One(usage, id, [.. charged[id]], [.. scheduled[id].OrderBy(schedule => schedule.FirstDay)])).ToList();
    }

    public bool RunsOn(DateOnly day) => Schedules.Any(schedule => schedule.FirstDay <= day && day <= schedule.LastDay);

    /// <summary>Null where a row has no price.</summary>
    public static long? PenceOf(IEnumerable<UsageRow> rows) => rows.Aggregate((long?)0, (sum, row) => sum + row.CostPence);

    private static DeviceInMonth One(MonthUsage usage, string id, IReadOnlyList<UsageRow> rows, IReadOnlyList<TopUpSchedule> schedules)
    {
        if ((rows.LastOrDefault(row => row.Correction is null) ?? (rows.Count > 0 ? rows[^1] : null)) is { } last)
            return new(id, last.IdentityNote ?? "", usage.ClientOf(last.ClientId), last.Client, rows, schedules);
        var schedule = schedules[^1];
        return new(id, schedule.IdentityNote, schedule.ClientId, schedule.ClientName, rows, schedules);
    }
}

public sealed record DeviceStrip(string DeviceId, string Device, IReadOnlyList<DayMark> Days, string Scheduled)
{
    public string Counted => string.Join(", ", Days.Where(mark => mark != DayMark.Nothing).GroupBy(mark => mark).OrderBy(mark => mark.Key).Select(mark => $"{mark.Count()} {mark.Key.Label()}"));

    internal static DeviceStrip Of(MonthUsage usage, DeviceInMonth device, TopUpHistory history, DateOnly missingFrom, DateOnly yesterday)
    {
        var charged = device.Rows.Where(row => row.Correction?.Kind != CorrectionKind.Adjustment).ToLookup(row => row.ServiceDate);
        var days = Enumerable.Range(0, usage.Month.End.DayNumber - usage.Month.Start.DayNumber).Select(usage.Month.Start.AddDays);
        return new(device.DeviceId, device.Title, [.. days.Select(MarkOf)], SchedulesOf(device));

        DayMark MarkOf(DateOnly day)
        {
            var rows = charged[day].ToList();
            var standing = rows.Count(row => row.Correction is null) - rows.Count(row => row.Correction is { Kind: CorrectionKind.Reversal });
            if (rows.Exists(row => row.Correction is not null) && (standing <= 0 || rows.Exists(row => row.Correction is { Kind: CorrectionKind.Adjustment }))) return DayMark.TakenBack;
            if (rows.Count > 0) return device.Schedules.Count > 0 && !device.RunsOn(day) ? DayMark.Outside : DayMark.Charged;
            if (history.Late.Contains((device.Number, day))) return DayMark.Late;
            return device.RunsOn(day) && day >= missingFrom && day <= yesterday ? DayMark.Missing : DayMark.Nothing;
        }
    }

    private static string SchedulesOf(DeviceInMonth device) => device.Schedules.Count == 0 ? "No schedule."
        : string.Join(", ", device.Schedules.Select(schedule => schedule.HasLastDay ? $"{Display.Day(schedule.FirstDay)} to {Display.Day(schedule.LastDay)}" : $"from {Display.Day(schedule.FirstDay)} on"));
}

public enum DayMark
{
    /// <summary>Neither scheduled nor charged, or not over yet.</summary>
    Nothing,
    Charged,

    /// <summary>On a day on which none of its schedules runs.</summary>
    Outside,

    Missing,
    TakenBack,

    /// <summary>Charged after the month was closed: a later month shows it.</summary>
    Late,
}

public static class DayMarkLabels
{
    public static string Letter(this DayMark mark) => mark switch
    {
        DayMark.Charged => "C",
        DayMark.Outside => "O",
        DayMark.Missing => "M",
        DayMark.TakenBack => "T",
        DayMark.Late => "L",
        _ => "–",
    };

    public static string Label(this DayMark mark) => mark switch
    {
        DayMark.Charged => "charged",
        DayMark.Outside => "charged outside its schedule",
        DayMark.Missing => "scheduled, not charged",
        DayMark.TakenBack => "charged and reversed",
        DayMark.Late => "charged late, counted in a later month",
        _ => "nothing",
    };
}
