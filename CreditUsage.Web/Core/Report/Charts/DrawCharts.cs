using CreditUsage.Domain.Months;
using CreditUsage.Platform;

namespace CreditUsage.Core.Report.Charts;

public static class DrawCharts
{
    private const int MaxMonths = 27;

    /// <param name="report">With an open snapshot; its groups and order are ignored.</param>
    public static async Task<ReportCharts> RunAsync(CreditUsageReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var filter = report.Filter.Ungrouped with { Sort = UsageSort.Default, Columns = UsageColumns.All };
        var names = await report.NamesAsync(cancellation);
        var groups = new ChartGroups(filter, await UsageSum.PartsAsync(await report.EventsAsync(cancellation), cancellation), names);
        var first = UsageMonth.FromNumber(Math.Max(UsageMonth.Of(report.Subscription.StartsOn).Number, filter.Month.Number - MaxMonths + 1));
        var months = Enumerable.Range(first.Number, filter.Month.Number - first.Number + 1).Select(UsageMonth.FromNumber).ToList();
        var sums = await UsageSum.ByMonthAsync(await report.EventsAsync(cancellation, first), cancellation);
        var byMonth = months.ToDictionary(month => month, month => Total(sums.Where(sum => sum.Month == month)));
        return new ReportCharts(
            report,
            new BarChart("pounds", "Pounds by month", "Month", "Cost (GBP)", [.. months.Select(month => MonthBar(month, filter, byMonth[month].KnownCostPence, Display.Pounds(byMonth[month].CostPence)))], Across: true),
            new BarChart("credits", "Credits by month", "Month", "Credits", [.. months.Select(month => MonthBar(month, filter, byMonth[month].Credits, Display.Number(byMonth[month].Credits)))], Across: true),
            new BarChart("days", $"Pounds by day, {filter.Month.Name}", "Day", "Cost (GBP)", [.. groups.Days.Select(GroupBar)], Across: true),
            new BarChart("staff", $"Pounds by staff member, {filter.Month.Name}", "Staff member", "Cost (GBP)", [.. groups.Staff.Select(GroupBar)], Across: false),
            new BarChart("programs", $"Pounds by program, {filter.Month.Name}", "Program", "Cost (GBP)", [.. groups.Programs.Select(GroupBar)], Across: false),
            new HeatMap(months, Devices(filter, months, names, sums)))
        {
            Difference = DifferenceOf(report, first, byMonth),
        };
    }

    /// <summary>The charts on paper; null where they are not requested. The snapshot must be open.</summary>
    /// <exception cref="UntrustedDataException">A closed month among them does not add up to what was kept of it.</exception>
    public static async Task<ChartSheet?> SheetAsync(CreditUsageReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!report.Filter.Pictures) return null;
        var pictures = await RunAsync(report, cancellation);
        return pictures.Difference is null ? ChartSheet.Of(pictures) : throw new UntrustedDataException(StatusCodes.Status409Conflict, pictures.Difference);
    }

    /// <summary>Of the months before the report's own, which is proved row by row; of a part of their rows nothing was kept.</summary>
    private static string? DifferenceOf(CreditUsageReport report, UsageMonth first, Dictionary<UsageMonth, UsageTotal> byMonth) =>
        report.Filter is not { Sessions: true, TopUps: true } || report.Filter.Rows != RowFilter.None ? null
            : KeptTotals.Difference(report.Closings.Where(closing => closing.Month >= first && closing.Month < report.Filter.Month), month => MonthTotals.Of(byMonth[month]));

    private static UsageTotal Total(IEnumerable<DeviceMonth> sums) => sums.Aggregate(UsageTotal.Nothing, (total, sum) => total + sum.Total);

    private static Bar MonthBar(UsageMonth month, ReportFilter filter, long value, string shown) =>
        new(month.Name, month.Start.ToString("MMM yy", Display.British), value, shown, $"/usage-report{(filter with { Month = month }).Query()}", Marked: month == filter.Month);

    private static Bar GroupBar(UsageGroup group) => new(group.Title, group.Title[..Math.Min(5, group.Title.Length)], group.Total.KnownCostPence, Display.Pounds(group.Total.CostPence), $"/usage-report{group.Filter.Query()}");

    private static List<HeatMapRow> Devices(ReportFilter filter, IReadOnlyList<UsageMonth> months, NameDictionary names, IEnumerable<DeviceMonth> sums) =>
        [.. sums.Where(sum => sum.DeviceId is not null).GroupBy(sum => names.Of(NameKind.Device, sum.DeviceId)!.Owner, StringComparer.Ordinal).OrderBy(device => device.Key, StringComparer.Ordinal)
            .Select(device => new HeatMapRow(
                NameDictionary.Title(NameKind.Device, names.Of(NameKind.Device, device.Max(sum => sum.DeviceId))!), $"/usage-report{(filter with { Rows = filter.Rows with { Device = device.Key } }).Query()}",
                [.. months.Select(month => device.Where(sum => sum.Month == month).Sum(sum => sum.Total.DeviceDays))]))];
}

public sealed record ReportCharts(CreditUsageReport Report, BarChart Pounds, BarChart Credits, BarChart Days, BarChart Staff, BarChart Programs, HeatMap Devices)
{
    /// <summary>Which closed months before the report's own do not add up to what was kept of them; null where all do.</summary>
    public string? Difference { get; init; }

    public IReadOnlyList<BarChart> Charts => [Pounds, Credits, Days, Staff, Programs];
}

internal sealed class ChartGroups(ReportFilter filter, IReadOnlyList<UsagePart> parts, NameDictionary names)
{
    private static readonly UsageSort Dearest = new(UsageColumn.Cost, Descending: true);

    public IReadOnlyList<UsageGroup> Days => Of(filter with { GroupBy = UsageGroupBy.Day }, part => part.OfDay);

    public IReadOnlyList<UsageGroup> Staff => Of(filter with { GroupBy = UsageGroupBy.Staff, Sort = Dearest }, part => part.OfStaff);

    public IReadOnlyList<UsageGroup> Programs => filter.ProgramsHidden ? [] : Of(filter with { GroupBy = UsageGroupBy.Program, Sort = Dearest }, part => part.OfProgram);

    private IReadOnlyList<UsageGroup> Of(ReportFilter grouped, Func<UsagePart, UsageSum> sum) => new UsageGroups(grouped, [.. parts.Select(sum)], names).All;
}

public sealed record ChartSheet(BarChart Months, BarChart Days, IReadOnlyList<BarChart> Names)
{
    public const int MaxNames = 14;

    public IEnumerable<BarChart> Charts => [Months, Days, .. Names];

    /// <summary>The figures in the column of costs, top to bottom: they are read back from a PDF.</summary>
    public IEnumerable<string> Figures => Names.SelectMany(chart => chart.Bars).Select(bar => bar.ValueText);

    public static ChartSheet Of(ReportCharts pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var names = pictures.Report.Filter.ProgramsHidden ? [pictures.Staff] : new[] { pictures.Staff, pictures.Programs };
        return new(pictures.Pounds, pictures.Days, [.. names.Select(Shortened)]);
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
