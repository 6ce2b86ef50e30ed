namespace CreditUsage.Core.Report.Charts;

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
