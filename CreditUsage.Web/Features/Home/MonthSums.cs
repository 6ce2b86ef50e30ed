using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Home;

/// <summary>Months and their beginnings, added up from their days.</summary>
public sealed class MonthSums(IReadOnlyList<DaySum> days)
{
    /// <summary>A normal month is the average of at most this many.</summary>
    public const int MostMonths = 12;

    private readonly ILookup<UsageMonth, DaySum> _days = days.ToLookup(day => day.Month);

    /// <summary>Months whose money is withheld, and how many of their events have no price; in order.</summary>
    public IReadOnlyList<(UsageMonth Month, int Events)> Withheld =>
        [.. _days.Select(month => (month.Key, month.Sum(day => day.Unpriced))).Where(month => month.Item2 > 0).OrderBy(month => month.Key)];

    public MonthSum Of(UsageMonth month) => Sum(_days[month]);

    /// <summary>A month up to a day of it; the whole of one that is shorter.</summary>
    public MonthSum ToDay(UsageMonth month, int dayOfMonth) => Sum(_days[month].Where(day => day.Day < month.Start.AddDays(dayOfMonth)));

    /// <summary>The average of the complete months before one, each up to the same day; null where there is none.</summary>
    /// <param name="startsOn">The subscription's first day: a month that it cut short is not a normal one, nor are those before the first usage.</param>
    public NormalMonth? Normal(UsageMonth current, int dayOfMonth, DateOnly startsOn)
    {
        var months = new List<UsageMonth>();
        for (var month = current.Previous; month.Start >= startsOn && months.Count < MostMonths; month = month.Previous) months.Add(month);
        var counted = months.Take(months.FindLastIndex(_days.Contains) + 1).Select(month => ToDay(month, dayOfMonth)).ToList();
        return counted.Count == 0 ? null : NormalMonth.Of(counted);
    }

    private static MonthSum Sum(IEnumerable<DaySum> days) => days.Aggregate(
        new MonthSum(0, 0, 0, 0), (sum, day) => new(sum.Events + day.Events, sum.Credits + day.Credits, sum.KnownCostPence + day.KnownCostPence, sum.Unpriced + day.Unpriced));
}
