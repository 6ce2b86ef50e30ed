using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Home;

/// <summary>Everything on the home page, from one snapshot.</summary>
/// <param name="Today">UTC.</param>
/// <param name="Normal">The average of the previous complete months up to the same day; null where there is none.</param>
/// <param name="Last">The last complete month; null before there is one.</param>
/// <param name="Dearest">Of the last complete month, or of the current one before there is one.</param>
public sealed record HomeOverview(
    DateTimeOffset AsAt, DateOnly Today, MonthSum SoFar, NormalMonth? Normal, CompleteMonth? Last, CreditStatus Credits, IReadOnlyList<HomeMonth> Months, DearestNames Dearest, IReadOnlyList<AttentionItem> Attention)
{
    public required int SubscriptionId { get; init; }

    /// <summary>Which closed months do not add up to what was kept of them; null where all do.</summary>
    public string? Difference { get; init; }

    public required HomeCharts Charts { get; init; }

    public UsageMonth Current => UsageMonth.Of(Today);

    /// <summary>The month of <see cref="Dearest"/>.</summary>
    public UsageMonth Shown => Last?.Month ?? Current;

    /// <summary>Credits left after every allocation.</summary>
    public long Free => Credits.Available - Credits.Allocated;
}

public sealed record HomeMonth(UsageMonth Month, MonthState State, MonthSum Sum);

/// <summary>The other months are null where the subscription had not begun.</summary>
public sealed record CompleteMonth(UsageMonth Month, MonthSum Sum, MonthSum? Before, MonthSum? YearBefore);

/// <summary>Takes seven commands, whatever the amount of data.</summary>
public sealed class HomeOverviewQuery(CreditUsageDb db, CreditStatusQuery standing, UsageSums sums, AttentionQuery attention, TimeProvider clock)
{
    public const int MonthsListed = 13;

    public async Task<HomeOverview> RunAsync(CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        var now = clock.GetUtcNow();
        var (today, current) = (DateOnly.FromDateTime(now.UtcDateTime), UsageMonth.Of(now));
        var start = await standing.StartAsync(cancellation);
        var from = From(start, current);
        var months = new MonthSums(await sums.ByDayAsync(from, cancellation));
        var credits = await standing.RunAsync(start, months.UseUpTo(today), now, cancellation);
        var last = Last(months, current.Previous, credits.StartsOn);
        var listed = Latest(credits, current).Select(month => new HomeMonth(month, credits.Closed.StateOf(month, now), months.Of(month))).ToList();
        return new HomeOverview(
            now, today, months.Of(current), months.Normal(current, today.Day, credits.StartsOn), last, credits, listed,
            await sums.DearestAsync(last?.Month ?? current, cancellation), await attention.RunAsync(today, credits, months, cancellation))
        {
            SubscriptionId = db.RequireSubscriptionId(),
            Difference = KeptTotals.Difference(credits.Closed.Closings.Where(closing => closing.Month >= from), months.TotalsOf),
            Charts = HomeCharts.Of(today, months, credits, listed, await BudgetAsync(cancellation)),
        };
    }

    /// <summary>Pence: the lowest that an alert watches the month for; null where none does.</summary>
    private Task<long?> BudgetAsync(CancellationToken cancellation) =>
        db.AlertRules.Where(rule => rule.Kind == AlertKind.MonthAbove && rule.RemovedAt == null).MinAsync(rule => (long?)rule.Line, cancellation);

    /// <summary>Reaches back 13 months, to compare with a year before, or to the first open month, whose prices may be missing.</summary>
    private static UsageMonth From(CreditStart start, UsageMonth current)
    {
        var (compared, open) = (UsageMonth.Of(current.Start.AddMonths(-MonthsListed)), start.Closed.Latest?.Next ?? UsageMonth.Of(start.StartsOn));
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
