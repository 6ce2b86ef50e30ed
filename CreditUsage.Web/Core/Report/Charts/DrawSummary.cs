using CreditUsage.Domain.Months;
using CreditUsage.Platform;

namespace CreditUsage.Core.Report.Charts;

/// <summary>Draws the first page of a report's PDF, from the rows that are on its other pages.</summary>
public static class DrawSummary
{
    private const int MaxMonths = 13;
    private const int MaxNames = 5;

    /// <summary>The first month that is drawn.</summary>
    public static UsageMonth First(CreditUsageReport report) => DrawCharts.FirstOf(report, MaxMonths);

    /// <param name="report">With an open snapshot; its groups and order are ignored.</param>
    /// <param name="days">Of its months from <see cref="First"/> on.</param>
    /// <exception cref="UntrustedDataException">A closed month among them does not add up to what was kept of it.</exception>
    public static async Task<ChartSheet> RunAsync(CreditUsageReport report, IReadOnlyList<DaySum> days, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(days);
        var (filter, first, byMonth) = (DrawCharts.Plain(report.Filter), First(report), days.ToLookup(day => day.Month));
        if (DrawCharts.DifferenceOf(report, first, month => Total(byMonth[month])) is { } difference) throw new UntrustedDataException(StatusCodes.Status409Conflict, difference);
        var unit = report.All.CostPence is null ? ChartUnit.Credits : ChartUnit.Pounds;
        var months = DrawCharts.MonthsOf(first, filter.Month).Select(month => BarOf(month.Name, month.Start.ToString("MMM yy", Display.British), byMonth[month], unit, marked: month == filter.Month));
        var byDay = byMonth[filter.Month].ToLookup(day => day.Day);
        var bars = byDay.Select(day => day.Key).Union(ChartGroups.DaysOf(filter)).Order()
            .Select(day => BarOf(Display.Day(day), day.ToString("%d", Display.British), byDay[day], unit) with { Weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday });
        return new(
            new BarChart("months", $"{unit.Title()} by month", "Month", [.. months], Across: true) { Unit = unit },
            new BarChart("days", $"{unit.Title()} by day, {filter.Month.Name}", "Day", [.. bars], Across: true) { Unit = unit },
            await NamesAsync(report, new ChartGroups(filter, await report.NamesAsync(cancellation), unit), unit, cancellation));
    }

    private static async Task<IReadOnlyList<BarChart>> NamesAsync(CreditUsageReport report, ChartGroups groups, ChartUnit unit, CancellationToken cancellation)
    {
        var events = await report.EventsAsync(cancellation);
        var staff = Most(groups.Staff(await UsageSum.ByAsync(events, UsageGroupBy.Staff, cancellation)), "staff members", unit);
        if (report.Filter.ProgramsHidden) return [staff];
        return [staff, Most(groups.Programs(await UsageSum.ByAsync(events, UsageGroupBy.Program, cancellation)), "programs", unit)];
    }

    private static BarChart Most(BarChart chart, string whom, ChartUnit unit) =>
        new(chart.Id, unit == ChartUnit.Pounds ? $"Dearest {whom}" : $"The {whom} with most credits", chart.LabelHeading, [.. chart.Bars.Take(MaxNames)], chart.Across) { Unit = unit };

    private static Bar BarOf(string label, string axisLabel, IEnumerable<DaySum> days, ChartUnit unit, bool marked = false)
    {
        var (total, sessions) = (Total(days), days.Aggregate(UsageTotal.Nothing, (sum, day) => sum + day.Sessions));
        return new(label, axisLabel, unit.Value(total), unit.Text(total), Address: null, marked) { Kinds = unit.Parts(sessions, total - sessions) };
    }

    private static UsageTotal Total(IEnumerable<DaySum> days) => days.Aggregate(UsageTotal.Nothing, (sum, day) => sum + day.Total);
}
