using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Home;

/// <summary>Reads the home page: seven commands, however much there is.</summary>
public sealed class HomeOverviewQuery(CreditUsageDb db, CreditStatusQuery standing, UsageSums sums, AttentionQuery attention, TimeProvider clock)
{
    public const int MonthsListed = 13;

    public async Task<HomeOverview> RunAsync(CancellationToken cancellation)
    {
        await db.BeginSnapshotAsync(cancellation);
        var now = clock.GetUtcNow();
        var (today, current) = (DateOnly.FromDateTime(now.UtcDateTime), UsageMonth.Of(now));
        var credits = await standing.RunAsync(now, cancellation);
        var months = new MonthSums(await sums.ByDayAsync(From(credits, current), cancellation));
        return new HomeOverview(
            now, today, months.Of(current), months.Normal(current, today.Day, credits.StartsOn), Last(months, current.Previous, credits.StartsOn), credits,
            [.. Latest(credits, current).Select(month => new HomeMonth(month, credits.Closed.StateOf(month, now), months.Of(month)))],
            await attention.RunAsync(today, credits, months, cancellation));
    }

    /// <summary>The month that the last complete one is held against a year later, or an earlier one that is not closed: its prices may be missing.</summary>
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
