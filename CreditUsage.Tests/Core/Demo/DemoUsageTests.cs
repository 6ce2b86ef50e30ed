using CreditUsage.Core.Demo;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Tests.Core.Demo;

/// <summary>The invented clinics, on whatever day they are made.</summary>
public sealed class DemoUsageTests
{
    private const int Months = 27;

    public static TheoryData<string, string> ClinicsAndDays()
    {
        var cases = new TheoryData<string, string>();
        foreach (var clinic in new[] { "R", "H" })
            foreach (var today in new[] { "2026-11-22", "2026-12-31", "2027-01-01", "2028-02-29", "2027-09-01", "2027-10-31" }) cases.Add(clinic, today);
        return cases;
    }

    [Theory]
    [MemberData(nameof(ClinicsAndDays))]
    public void Credits_are_never_short_and_run_out_in_one_to_four_months(string clinic, string today)
    {
        var (start, end) = Period(today);
        var used = Made(clinic, start).Before(end).GroupBy(usage => DateOnly.FromDateTime(usage.OccurredAt.UtcDateTime)).ToDictionary(day => day.Key, day => day.Sum(Credits));
        var packs = DemoPurchases.PacksByMonth([.. Enumerable.Range(0, Months + 1).Select(month => used.Where(day => day.Key >= start.AddMonths(month) && day.Key < start.AddMonths(month + 1)).Sum(day => day.Value))]);
        var inHand = 0L;
        for (var day = start; day < end; day = day.AddDays(1))
        {
            if (day.Day == 1) inHand += 500L * packs[MonthsBetween(start, day)];
            inHand -= used.GetValueOrDefault(day);
            Assert.True(inHand >= 0, $"{inHand} on {day}");
        }
        if (end.Day == 1) inHand += 500L * packs[Months];
        var aDay = used.Where(day => day.Key >= end.AddDays(-91)).Sum(day => day.Value) / 91;
        Assert.InRange(inHand / aDay, 30, 120);
    }

    [Theory]
    [MemberData(nameof(ClinicsAndDays))]
    public void Schedules_ask_for_the_top_ups_that_were_charged_and_for_no_others(string clinic, string today)
    {
        var (start, end) = Period(today);
        var made = Made(clinic, start);
        var charged = made.Before(end).Where(usage => usage.Kind == UsageKind.DailyTopUp)
            .Select(usage => (usage.DeviceId!, DateOnly.FromDateTime(usage.OccurredAt.UtcDateTime), usage.Program, usage.StaffId, usage.StaffName, usage.ClientId, usage.ClientName, usage.IdentityNote!)).ToList();
        var asked = made.Schedules.SelectMany(schedule => Enumerable.Range(0, schedule.LastDay.DayNumber - schedule.FirstDay.DayNumber + 1).Select(schedule.FirstDay.AddDays).Where(day => day < end)
            .Select(day => (schedule.DeviceId, day, schedule.Program, schedule.StaffId, schedule.StaffName, schedule.ClientId, schedule.ClientName, schedule.IdentityNote))).ToList();
        Assert.Equal(asked.OrderBy(row => (row.day, row.DeviceId)), charged.OrderBy(row => (row.Item2, row.Item1)));
        Assert.Contains(made.Schedules, schedule => schedule.LastDay > end);
        Assert.Contains(made.Schedules, schedule => schedule.LastDay < end);
        Assert.Contains(made.Schedules, schedule => schedule.ClientId is null && schedule.LastDay >= end);
        Assert.Equal(made.Schedules.Count, made.Schedules.Select(schedule => schedule.DeviceId).Distinct().Count());
        Assert.All(made.Schedules, schedule => Assert.Matches("^[0-9]{10}$", schedule.DeviceId));
    }

    private static DemoUsage Made(string clinic, DateOnly start) => (clinic == "R" ? DemoClinic.Riverside : DemoClinic.Hilltop).UsageFrom(start);

    private static (DateOnly Start, DateOnly End) Period(string today)
    {
        var end = DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture);
        return (new DateOnly(end.Year, end.Month, 1).AddMonths(-Months), end);
    }

    private static int MonthsBetween(DateOnly start, DateOnly day) => ((day.Year - start.Year) * 12) + day.Month - start.Month;

    private static long Credits(UsageRecord usage) => usage.DurationMinutes is { } minutes ? (minutes + 4) / 5 : 1;
}
