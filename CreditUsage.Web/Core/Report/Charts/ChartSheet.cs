namespace CreditUsage.Core.Report.Charts;

/// <summary>The pictures that a sheet of paper has room for, whatever the month.</summary>
/// <param name="Months">Bars beside each other, the report's month marked.</param>
/// <param name="Days">The same of the month's days.</param>
/// <param name="Names">Bars below each other: of staff members, and of programs where they are shown.</param>
public sealed record ChartSheet(BarChart Months, BarChart Days, IReadOnlyList<BarChart> Names)
{
    /// <summary>Names of each kind; what the others come to is a figure.</summary>
    public const int MaxNames = 14;

    public IEnumerable<BarChart> Charts => [Months, Days, .. Names];

    /// <summary>What stands in the column of costs, from the top to the bottom: it is read back from a PDF.</summary>
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
        // Without a bar, which would dwarf those of names.
        var others = new Bar($"{Display.Number(rest.Count)} others", "", Value: 0, Display.Pounds(withheld ? null : rest.Sum(bar => bar.Value)), Address: null);
        return chart with { Bars = [.. shown, others] };
    }
}
