using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Home;

/// <summary>Everything on the home page, from one snapshot.</summary>
/// <param name="Today">UTC.</param>
/// <param name="Normal">The average of the previous complete months up to the same day; null where there is none.</param>
/// <param name="Last">The last complete month; null before there is one.</param>
public sealed record HomeOverview(
    DateTimeOffset AsAt, DateOnly Today, MonthSum SoFar, NormalMonth? Normal, CompleteMonth? Last, CreditStatus Credits, IReadOnlyList<HomeMonth> Months, IReadOnlyList<AttentionItem> Attention)
{
    public required int SubscriptionId { get; init; }

    /// <summary>Which closed months do not add up to what was kept of them; null where all do.</summary>
    public string? Difference { get; init; }

    public UsageMonth Current => UsageMonth.Of(Today);

    /// <summary>Credits left after every allocation.</summary>
    public long Free => Credits.Available - Credits.Allocated;
}

public sealed record HomeMonth(UsageMonth Month, MonthState State, MonthSum Sum);

/// <summary>The other months are null where the subscription had not begun.</summary>
public sealed record CompleteMonth(UsageMonth Month, MonthSum Sum, MonthSum? Before, MonthSum? YearBefore);

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

/// <param name="Unpriced">Events whose money is withheld.</param>
public sealed record MonthSum(long Events, long Credits, long KnownCostPence, int Unpriced)
{
    /// <summary>Withheld as soon as one event has no price, as on the report.</summary>
    public long? CostPence => Unpriced == 0 ? KnownCostPence : null;
}

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

    /// <summary>Null where there is no complete month before.</summary>
    /// <param name="startsOn">A month that began before this day does not count, nor does one before the first usage.</param>
    public NormalMonth? Normal(UsageMonth current, int dayOfMonth, DateOnly startsOn)
    {
        var months = new List<UsageMonth>();
        for (var month = current.Previous; month.Start >= startsOn && months.Count < MaxMonths; month = month.Previous) months.Add(month);
        var counted = months.Take(months.FindLastIndex(_days.Contains) + 1).Select(month => ToDay(month, dayOfMonth)).ToList();
        return counted.Count == 0 ? null : NormalMonth.Of(counted);
    }

    private static MonthSum Sum(IEnumerable<DaySum> days) => days.Aggregate(
        new MonthSum(0, 0, 0, 0), (sum, day) => new(sum.Events + day.Events, sum.Credits + day.Credits, sum.KnownCostPence + day.KnownCostPence, sum.Unpriced + day.Unpriced));
}

/// <summary>Takes seven commands, whatever the amount of data.</summary>
public sealed class HomeOverviewQuery(CreditUsageDb db, CreditStatusQuery standing, UsageSums sums, AttentionQuery attention, TimeProvider clock)
{
    public const int MonthsListed = 13;

    public async Task<HomeOverview> RunAsync(CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        var now = clock.GetUtcNow();
        var (today, current) = (DateOnly.FromDateTime(now.UtcDateTime), UsageMonth.Of(now));
        var credits = await standing.RunAsync(now, cancellation);
        var from = From(credits, current);
        var months = new MonthSums(await sums.ByDayAsync(from, cancellation));
        return new HomeOverview(
            now, today, months.Of(current), months.Normal(current, today.Day, credits.StartsOn), Last(months, current.Previous, credits.StartsOn), credits,
            [.. Latest(credits, current).Select(month => new HomeMonth(month, credits.Closed.StateOf(month, now), months.Of(month)))],
            await attention.RunAsync(today, credits, months, cancellation))
        {
            SubscriptionId = db.RequireSubscriptionId(),
            Difference = KeptTotals.Difference(credits.Closed.Closings.Where(closing => closing.Month >= from), months.TotalsOf),
        };
    }

    /// <summary>Reaches back 13 months, to compare with a year before, or to the first open month, whose prices may be missing.</summary>
    private static UsageMonth From(CreditStatus credits, UsageMonth current)
    {
        var (compared, open) = (UsageMonth.Of(current.Start.AddMonths(-13)), credits.Closed.Latest?.Next ?? UsageMonth.Of(credits.StartsOn));
        return open < compared ? open : compared;
    }

    private static CompleteMonth? Last(MonthSums months, UsageMonth last, DateOnly startsOn)
    {
        var first = UsageMonth.Of(startsOn);
        var yearBefore = UsageMonth.Of(last.Start.AddYears(-1));
        if (last < first) return null;
        return new(last, months.Of(last), last.Previous < first ? null : months.Of(last.Previous), yearBefore < first ? null : months.Of(yearBefore));
    }

    private static IEnumerable<UsageMonth> Latest(CreditStatus credits, UsageMonth current)
    {
        var first = UsageMonth.Of(credits.StartsOn);
        var month = current;
        for (var shown = 0; shown < MonthsListed && month >= first; shown++, month = month.Previous) yield return month;
    }
}
