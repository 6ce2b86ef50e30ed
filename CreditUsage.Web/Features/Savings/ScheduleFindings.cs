using CreditUsage.Core;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Savings;

/// <summary>Charges where no schedule runs, and scheduled days without one.</summary>
internal static class ScheduleFindings
{
    public static IEnumerable<MoneyFinding> Of(MonthUsage usage, DeviceInMonth device, DeviceStrip strip)
    {
        if (device.Schedules.Count == 0) yield break;
        // What came in late for a closed month is charged here, but its day is none of the strip's.
        var outside = device.Rows.Where(row => !device.RunsOn(row.ServiceDate)).ToList();
        if (outside.Sum(row => (long)row.Credits) != 0)
            yield return new(MoneyFindingKind.Outside, $"{device.DeviceId}:{usage.Month}", device.Shown, $"Charged for {Days(outside.Select(row => row.ServiceDate).Distinct())}. Its schedules: {strip.Scheduled}.", DeviceInMonth.PenceOf(outside));
        var missing = strip.Days.Select((mark, place) => (mark, Day: usage.Month.Start.AddDays(place))).Where(day => day.mark == DayMark.Missing).Select(day => day.Day).ToList();
        if (missing.Count > 0)
            yield return new(MoneyFindingKind.Missing, $"{device.DeviceId}:{usage.Month}", device.Shown, $"No charge for {Days(missing)}. Its schedules: {strip.Scheduled}.", Uncharged(usage, missing));
    }

    /// <summary>One credit for each day.</summary>
    private static long? Uncharged(MonthUsage usage, List<DateOnly> days)
    {
        var priced = usage.Rows.Where(row => row.UnitPriceMicros is not null).Select(row => (row.ServiceDate, Micros: row.UnitPriceMicros!.Value)).Distinct().Select(row => new CreditPrice { ValidFrom = row.ServiceDate, PriceMicros = row.Micros }).ToList();
        return days.Aggregate((long?)0, (sum, day) => sum + CreditPrice.On(priced, day)?.CostPence(CreditRule.CreditsPerTopUp));
    }

    /// <summary>"03/10/2026, 05/10/2026 to 09/10/2026".</summary>
    private static string Days(IEnumerable<DateOnly> days) => string.Join(", ", days.Order().Select((day, place) => (day, place)).GroupBy(day => day.day.DayNumber - day.place)
        .Select(run => run.Count() == 1 ? Display.Day(run.First().day) : $"{Display.Day(run.First().day)} to {Display.Day(run.Last().day)}"));
}
