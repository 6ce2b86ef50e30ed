using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;

namespace CreditUsage.Core.Report.Charts;

public static class DrawCharts
{
    private const int MaxMonths = 27;

    /// <param name="report">With an open snapshot; its groups and order are ignored.</param>
    public static async Task<ReportCharts> RunAsync(CreditUsageReport report, ChartUnit unit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var filter = Plain(report.Filter);
        var names = await report.NamesAsync(cancellation);
        var parts = await UsageSum.PartsAsync(await report.EventsAsync(cancellation), cancellation);
        var groups = new ChartGroups(filter, names, unit);
        var first = FirstOf(report, MaxMonths);
        var months = MonthsOf(first, filter.Month).ToList();
        var sums = await UsageSum.ByMonthAsync(await report.EventsAsync(cancellation, first), cancellation);
        var byMonth = sums.ToLookup(sum => sum.Month);
        return new ReportCharts(
            report,
            new BarChart("months", $"{unit.Title()} by month", "Month", [.. months.Select(month => MonthBar(month, filter, [.. byMonth[month]], unit))], Across: true) { Unit = unit, NewestFirst = true },
            groups.Days([.. parts.Select(part => part.OfDay)]),
            groups.Staff([.. parts.Select(part => part.OfStaff)]),
            filter.ProgramsHidden ? null : groups.Programs([.. parts.Select(part => part.OfProgram)]),
            HeatMap.Of(filter, months, names, sums))
        {
            Difference = DifferenceOf(report, first, month => Total(byMonth[month])),
        };
    }

    /// <summary>The charts on paper; null where they are not requested. The snapshot must be open.</summary>
    /// <exception cref="UntrustedDataException">A closed month among them does not add up to what was kept of it.</exception>
    public static async Task<ChartSheet?> SheetAsync(CreditUsageReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!report.Filter.Pictures) return null;
        var charts = await RunAsync(report, ChartUnit.Pounds, cancellation);
        return charts.Difference is null ? ChartSheet.Of(charts) : throw new UntrustedDataException(StatusCodes.Status409Conflict, charts.Difference);
    }

    internal static UsageMonth FirstOf(CreditUsageReport report, int maxMonths) =>
        UsageMonth.FromNumber(Math.Max(UsageMonth.Of(report.Subscription.StartsOn).Number, report.Filter.Month.Number - maxMonths + 1));

    internal static IEnumerable<UsageMonth> MonthsOf(UsageMonth first, UsageMonth last) => Enumerable.Range(first.Number, last.Number - first.Number + 1).Select(UsageMonth.FromNumber);

    internal static ReportFilter Plain(ReportFilter filter) => filter.Ungrouped with { Sort = UsageSort.Default, Columns = UsageColumns.All };

    private static Bar MonthBar(UsageMonth month, ReportFilter filter, IReadOnlyList<DeviceMonth> sums, ChartUnit unit)
    {
        var (sessions, topUps) = (Total(sums.Where(sum => sum.DeviceId is null)), Total(sums.Where(sum => sum.DeviceId is not null)));
        return new(month.Name, month.Start.ToString("MMM yy", Display.British), unit.Value(sessions + topUps), unit.Text(sessions + topUps), $"/usage-report{(filter with { Month = month }).Query()}", Marked: month == filter.Month)
        {
            Kinds = unit.Parts(sessions, topUps),
        };
    }

    /// <summary>Of the months before the report's own, which is proved row by row; of a part of their rows nothing was kept.</summary>
    internal static string? DifferenceOf(CreditUsageReport report, UsageMonth first, Func<UsageMonth, UsageTotal> totalOf) =>
        report.Filter is not { Sessions: true, TopUps: true } || report.Filter.Rows != RowFilter.None ? null
            : KeptTotals.Difference(report.Closings.Where(closing => closing.Month >= first && closing.Month < report.Filter.Month), month => MonthTotals.Of(totalOf(month)));

    private static UsageTotal Total(IEnumerable<DeviceMonth> sums) => sums.Aggregate(UsageTotal.Nothing, (total, sum) => total + sum.Total);
}

/// <param name="Programs">Null where they are hidden.</param>
public sealed record ReportCharts(CreditUsageReport Report, BarChart Months, BarChart Days, BarChart Staff, BarChart? Programs, HeatMap Devices)
{
    /// <summary>Which closed months before the report's own do not add up to what was kept of them; null where all do.</summary>
    public string? Difference { get; init; }

    public IEnumerable<BarChart> Charts => new[] { Months, Days, Staff, Programs }.OfType<BarChart>();
}

internal sealed class ChartGroups(ReportFilter filter, NameDictionary names, ChartUnit unit)
{
    private static readonly UsageSort Dearest = new(UsageColumn.Cost, Descending: true);

    public BarChart Days(IReadOnlyList<UsageSum> sums)
    {
        var bars = Bars(sums, UsageGroupBy.Day, UsageSort.Default);
        return new BarChart("days", $"{unit.Title()} by day, {filter.Month.Name}", "Day", bars, Across: true) { Unit = unit, Drawn = [.. EveryDay(bars)] };
    }

    public BarChart Staff(IReadOnlyList<UsageSum> sums) =>
        new("staff", $"{unit.Title()} by staff member, {filter.Month.Name}", "Staff member", Bars(sums, UsageGroupBy.Staff, Order), Across: false) { Unit = unit };

    public BarChart Programs(IReadOnlyList<UsageSum> sums) =>
        new("programs", $"{unit.Title()} by program, {filter.Month.Name}", "Program", Bars(sums, UsageGroupBy.Program, Order), Across: false) { Unit = unit };

    private UsageSort Order => unit == ChartUnit.Pounds ? Dearest : new(UsageColumn.Credits, Descending: true);

    private List<Bar> Bars(IReadOnlyList<UsageSum> sums, UsageGroupBy by, UsageSort sort)
    {
        var grouped = filter with { GroupBy = by, Sort = sort };
        var sessions = Of([.. sums.Where(sum => sum.Kind == UsageKind.ConnectedSession)]).ToDictionary(group => group.Key, group => group.Total, StringComparer.Ordinal);
        return [.. Of(sums).Select(group => GroupBar(group, sessions.GetValueOrDefault(group.Key, UsageTotal.Nothing)))];

        IReadOnlyList<UsageGroup> Of(IReadOnlyList<UsageSum> some) => new UsageGroups(grouped, some, names).All;
    }

    private Bar GroupBar(UsageGroup group, UsageTotal sessions) =>
        new(group.Title, group.Title[..Math.Min(5, group.Title.Length)], unit.Value(group.Total), unit.Text(group.Total), $"/usage-report{group.Filter.Query()}") { Kinds = unit.Parts(sessions, group.Total - sessions) };

    /// <summary>The days of the month that the filter leaves.</summary>
    public static IEnumerable<DateOnly> DaysOf(ReportFilter filter)
    {
        var (first, last) = (filter.Rows.From ?? filter.Month.Start, filter.Rows.To ?? filter.Month.End.AddDays(-1));
        return Enumerable.Range(0, filter.Month.End.DayNumber - filter.Month.Start.DayNumber).Select(filter.Month.Start.AddDays).Where(day => day >= first && day <= last);
    }

    /// <summary>A place for each day of the month, and before them for those of late events.</summary>
    private IEnumerable<Bar> EveryDay(IReadOnlyList<Bar> bars)
    {
        var known = bars.ToDictionary(bar => bar.Label, StringComparer.Ordinal);
        var days = DaysOf(filter).ToDictionary(Display.Day, StringComparer.Ordinal);
        foreach (var late in bars.Where(bar => !days.ContainsKey(bar.Label))) yield return late;
        foreach (var (label, day) in days)
            yield return known.GetValueOrDefault(label, new Bar(label, "", 0, "", Address: null)) with { AxisLabel = day.ToString("%d", Display.British), Weekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday };
    }
}

public sealed record ChartSheet(BarChart Months, BarChart Days, IReadOnlyList<BarChart> Names)
{
    public const int MaxNames = 14;

    public IEnumerable<BarChart> Charts => [Months, Days, .. Names];

    /// <summary>The figures in the column of costs, top to bottom: they are read back from a PDF.</summary>
    public IEnumerable<string> Figures => Names.SelectMany(chart => chart.Bars).Select(bar => bar.ValueText);

    public static ChartSheet Of(ReportCharts charts)
    {
        ArgumentNullException.ThrowIfNull(charts);
        return new(charts.Months, charts.Days, [.. new[] { charts.Staff, charts.Programs }.OfType<BarChart>().Select(Shortened)]);
    }

    private static BarChart Shortened(BarChart chart)
    {
        if (chart.Bars.Count <= MaxNames) return chart;
        var (shown, rest) = (chart.Bars.Take(MaxNames - 1), chart.Bars.Skip(MaxNames - 1).ToList());
        var withheld = rest.Exists(bar => bar.ValueText == Display.Pounds(null));
        // No bar, which would dwarf the others.
        var others = new Bar($"{Display.Number(rest.Count)} others", "", Value: 0, Display.Pounds(withheld ? null : rest.Sum(bar => bar.Value)), Address: null);
        return chart with { Bars = [.. shown, others] };
    }
}
