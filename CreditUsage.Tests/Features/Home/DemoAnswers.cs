using System.Globalization;
using CreditUsage.Domain.Usage;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Home;

/// <summary>What a Finance Administrator asks of the demo, summed here from its raw events.</summary>
internal static class DemoAnswers
{
    private const decimal PriceNow = 0.525m;
    private const decimal PriceLastYear = 0.48m;

    public static readonly DateOnly October = new(2026, 10, 1);
    public static readonly Lazy<IReadOnlyList<UsageRecord>> All = new(() => [.. DemoSite.Made.Before(DemoSite.Today)]);

    /// <summary>Each staff member's pence in October, the dearest first.</summary>
    public static List<(string Name, long Pence)> StaffByCost() =>
        In(October).GroupBy(usage => (usage.StaffId, usage.StaffName)).Select(staff => (staff.Key.StaffName, staff.Sum(usage => Pence(usage, PriceNow)))).OrderByDescending(staff => staff.Item2).ToList();

    /// <summary>Both Octobers in pence, and how much of the difference is due to the price.</summary>
    public static (long Before, long Now, long DueToPrice) OctoberAgainstLastOctober()
    {
        var now = In(October).Sum(usage => Pence(usage, PriceNow));
        return (In(October.AddYears(-1)).Sum(usage => Pence(usage, PriceLastYear)), now, now - In(October).Sum(usage => Pence(usage, PriceLastYear)));
    }

    /// <summary>Devices that were charged in October although their client had no session for 60 days, or that have no client: the finding and its pence.</summary>
    public static List<(string Finding, long Pence)> IdleDevices()
    {
        var last = October.AddMonths(1).AddDays(-1);
        var sessions = All.Value.Where(usage => usage.Kind == UsageKind.ConnectedSession && Day(usage) <= last).GroupBy(usage => usage.ClientId!).ToDictionary(client => client.Key, client => client.Max(Day));
        var found = new List<(string, long)>();
        foreach (var device in In(October).Where(usage => usage.DeviceId is not null).GroupBy(usage => usage.DeviceId!))
        {
            var seen = device.First().ClientId is { } client ? sessions.GetValueOrDefault(client) : DateOnly.MinValue;
            if (last.DayNumber - seen.DayNumber < 60) continue;
            var since = All.Value.Where(usage => usage.DeviceId == device.Key).Select(Day).First(day => day > seen);
            found.Add(($"idle:{device.Key}:{since:yyyy-MM-dd}", device.Where(usage => Day(usage) >= since).Sum(usage => Pence(usage, PriceNow))));
        }
        return found;
    }

    /// <summary>The day on which these credits are used up: schedules to their last days, and sessions as on the same weekday over thirteen weeks.</summary>
    public static DateOnly RunsOutOn(long inHand)
    {
        var (credits, day) = (inHand * 13, DemoSite.Today);
        var sessions = All.Value.Where(usage => usage.Kind == UsageKind.ConnectedSession && Day(usage) >= DemoSite.Today.AddDays(-91)).ToLookup(usage => Day(usage).DayOfWeek, Credits);
        var schedules = DemoSite.Made.Schedules;
        while (true)
        {
            credits -= sessions[day.DayOfWeek].Sum() + (13 * schedules.Count(schedule => schedule.FirstDay <= day && day <= schedule.LastDay));
            if (credits < 0) return day;
            day = day.AddDays(1);
        }
    }

    /// <summary>What a month has cost, in pence.</summary>
    public static long CostOf(DateOnly month) => In(month).Sum(usage => Pence(usage, PriceNow));

    public static IReadOnlyList<UsageRecord> In(DateOnly month) => [.. All.Value.Where(usage => Day(usage) >= month && Day(usage) < month.AddMonths(1))];

    public static DateOnly Day(UsageRecord usage) => DateOnly.FromDateTime(usage.OccurredAt.UtcDateTime);

    public static long Credits(UsageRecord usage) => usage.DurationMinutes is { } minutes ? (minutes + 4) / 5 : 1;

    public static string Pounds(long pence) => string.Create(CultureInfo.GetCultureInfo("en-GB"), $"£{pence / 100m:N2}");

    private static long Pence(UsageRecord usage, decimal price) => (long)decimal.Round(Credits(usage) * price * 100, MidpointRounding.AwayFromZero);
}
