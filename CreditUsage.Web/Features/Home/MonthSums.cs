using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Home;

public sealed class MonthSums(IReadOnlyList<DaySum> days)
{
    /// <summary>A normal month is the average of at most this many.</summary>
    public const int MaxMonths = 12;

    private readonly ILookup<UsageMonth, DaySum> _days = days.ToLookup(day => day.Month);

    public IReadOnlyList<(UsageMonth Month, int Events)> Withheld =>
        [.. _days.Select(month => (month.Key, month.Sum(day => day.Unpriced))).Where(month => month.Item2 > 0).OrderBy(month => month.Key)];

    public MonthSum Of(UsageMonth month) => Sum(_days[month]);

    public MonthTotals TotalsOf(UsageMonth month)
    {
        var sum = Of(month);
        return new((int)sum.Events, _days[month].Sum(day => day.Corrections), sum.Credits, sum.CostPence);
    }

    public MonthSum ToDay(UsageMonth month, int dayOfMonth) => Sum(_days[month].Where(day => day.Day < month.Start.AddDays(dayOfMonth)));

    /// <summary>What a month had used by the end of each of its days, one number a day; a shorter month stays at its total.</summary>
    internal IReadOnlyList<long> Cumulative(UsageMonth month, int days, Func<MonthSum, long> figure) => [.. Enumerable.Range(1, days).Select(day => figure(ToDay(month, day)))];

    /// <summary>Null where there is no complete month before.</summary>
    /// <param name="startsOn">A month that began before this day does not count, nor does one before the first usage.</param>
    public NormalMonth? Normal(UsageMonth current, int dayOfMonth, DateOnly startsOn)
    {
        var counted = MonthsBefore(current, startsOn).Select(month => ToDay(month, dayOfMonth)).ToList();
        return counted.Count == 0 ? null : NormalMonth.Of(counted);
    }

    /// <summary>The complete months that a normal one is the average of, the latest first.</summary>
    public IReadOnlyList<UsageMonth> MonthsBefore(UsageMonth current, DateOnly startsOn)
    {
        var months = new List<UsageMonth>();
        for (var month = current.Previous; month.Start >= startsOn && months.Count < MaxMonths; month = month.Previous) months.Add(month);
        return [.. months.Take(months.FindLastIndex(_days.Contains) + 1)];
    }

    /// <summary>For <see cref="CreditStatusQuery"/>.</summary>
    public IReadOnlyList<DayUse> UseUpTo(DateOnly today)
    {
        var from = CreditStatusQuery.UseFrom(today);
        return [.. days.Where(day => day.Day >= from && day.Day <= today).Select(day => new DayUse(day.Day, day.SessionCredits, day.TopUps))];
    }

    private static MonthSum Sum(IEnumerable<DaySum> days) => days.Aggregate(
        new MonthSum(0, 0, 0, 0, 0, 0),
        (sum, day) => new(
            sum.Events + day.Events, sum.Credits + day.Credits, sum.KnownCostPence + day.KnownCostPence, sum.Unpriced + day.Unpriced, sum.SessionCredits + day.SessionCredits, sum.SessionPence + day.SessionPence));
}

/// <param name="Unpriced">Events whose money is withheld.</param>
public sealed record MonthSum(long Events, long Credits, long KnownCostPence, int Unpriced, long SessionCredits, long SessionPence)
{
    /// <summary>Withheld as soon as one event has no price, as on the report.</summary>
    public long? CostPence => Unpriced == 0 ? KnownCostPence : null;
}

/// <summary>Averages, each rounded half away from zero.</summary>
/// <param name="CostPence">Null where the money of one month is withheld.</param>
public sealed record NormalMonth(int Months, long Events, long Credits, long? CostPence)
{
    public static NormalMonth Of(IReadOnlyList<MonthSum> months)
    {
        ArgumentNullException.ThrowIfNull(months);
        return new(
            months.Count, Average(months.Sum(month => month.Events)), Average(months.Sum(month => month.Credits)),
            months.All(month => month.CostPence is not null) ? Average(months.Sum(month => month.KnownCostPence)) : null);

        long Average(long sum) => Rounded(sum, months.Count);
    }

    /// <summary>Rounds half away from zero.</summary>
    /// <param name="divisor">Above 0.</param>
    internal static long Rounded(long dividend, long divisor) => ((2 * dividend) + (Math.Sign(dividend) * divisor)) / (2 * divisor);
}
