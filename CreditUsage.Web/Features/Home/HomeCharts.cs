using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Home;

/// <summary>The pictures of the home page.</summary>
/// <param name="SoFar">The month so far, before the least and the most of the complete months before by each day.</param>
/// <param name="Credits">Credits left by day, until they run out.</param>
/// <param name="Complete">The costs of the complete months.</param>
/// <param name="Months">The months by kind.</param>
public sealed record HomeCharts(LineChart SoFar, LineChart Credits, LineChart Complete, BarChart Months)
{
    /// <param name="listed">The latest first.</param>
    /// <param name="budget">Pence.</param>
    public static HomeCharts Of(DateOnly today, MonthSums months, CreditStatus credits, IReadOnlyList<HomeMonth> listed, long? budget)
    {
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(credits);
        ArgumentNullException.ThrowIfNull(listed);
        return new(OfMonth(today, months, credits.StartsOn), OfCredits(credits.Forecast), OfComplete([.. listed.Skip(1).Reverse()]), OfMonths([.. listed.Reverse()], budget));
    }

    private static LineChart OfMonth(DateOnly today, MonthSums months, DateOnly startsOn)
    {
        var (current, before) = (UsageMonth.Of(today), months.MonthsBefore(UsageMonth.Of(today), startsOn));
        var inPounds = before.Append(current).All(month => months.Of(month).CostPence is not null);
        var days = current.End.DayNumber - current.Start.DayNumber;
        var others = before.Select(month => months.Cumulative(month, days, Figure)).ToList();
        return new($"{(inPounds ? "Cost" : "Credits")} of {current.Name} day by day{(others.Count == 0 ? "" : $"; the band is where the {others.Count} complete months before stood")}.", months.Cumulative(current, today.Day, Figure), days)
        {
            Band = others.Count == 0 ? [] : [.. Enumerable.Range(0, days).Select(day => (others.Min(month => month[day]), others.Max(month => month[day])))],
        };

        long Figure(MonthSum sum) => inPounds ? sum.KnownCostPence : sum.Credits;
    }

    private static LineChart OfCredits(CreditForecast forecast)
    {
        var places = forecast.LeftByDay.Count + 1;
        if (forecast is not { RunsOutOn: { } day, OrderBy: { } orderBy }) return new("Credits left, day by day, for two years.", forecast.LeftByDay, places - 1) { Filled = true };
        var order = orderBy.DayNumber - forecast.Today.DayNumber;
        (int, string)[] marks = [.. order < 0 ? [] : new[] { (order, $"Order {ShortDay(orderBy)}") }, (places - 1, $"Out {ShortDay(day)}")];
        return new($"Credits left, day by day, until they run out on {Display.Day(day)}.", [.. forecast.LeftByDay, 0], places) { Filled = true, Marks = marks };
    }

    private static string ShortDay(DateOnly day) => day.ToString("dd/MM", Display.British);

    private static LineChart OfComplete(IReadOnlyList<HomeMonth> complete) =>
        new(complete.Count == 0 ? "No data to show." : $"Cost of the {complete.Count} complete months to {complete[^1].Month.Name}.", [.. complete.Select(month => month.Sum.KnownCostPence)], complete.Count);

    private static BarChart OfMonths(IReadOnlyList<HomeMonth> months, long? budget) => new("months", "Cost by month", "Month", [.. months.Select(Bar)], Across: true)
    {
        NewestFirst = true,
        Line = budget is { } pence ? ($"Budget {Display.Pounds(pence)}", pence) : null,
    };

    private static Bar Bar(HomeMonth month)
    {
        var (sum, topUps) = (month.Sum, month.Sum.KnownCostPence - month.Sum.SessionPence);
        return new(month.Month.Name, month.Month.Start.ToString("MMM yy", Display.British), sum.KnownCostPence, Display.Pounds(sum.CostPence), MonthAddress.Report(month.Month))
        {
            Kinds = new(sum.SessionPence, topUps, Display.Pounds(sum.SessionPence), Display.Pounds(topUps)),
        };
    }
}
