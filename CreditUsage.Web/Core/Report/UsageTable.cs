namespace CreditUsage.Core.Report;

/// <summary>A report's table, or some of its rows, for page or paper: what its fragments are views of.</summary>
/// <param name="Rows">In order; empty for its head, its totals, and groups that are shown by their subtotals alone.</param>
/// <param name="OnScreen">Whether it has links: from headings, dates and totals.</param>
public sealed record UsageTable(CreditUsageReport Report, IReadOnlyList<UsageRow> Rows, bool OnScreen)
{
    public ReportFilter Filter => Report.Filter;

    /// <summary>Whether a row's date leads to its event.</summary>
    public bool DatesLinked => OnScreen && !Filter.ForAccountant;

    /// <summary>The groups that the rows are of, each with its own.</summary>
    public IEnumerable<(UsageGroup Group, IReadOnlyList<UsageRow> Rows)> Groups => Filter.SubtotalsOnly
        ? Report.Groups!.Select(group => (group, (IReadOnlyList<UsageRow>)[]))
        : Rows.GroupBy(row => row.Group!).Select(run => (run.Key, (IReadOnlyList<UsageRow>)[.. run]));

    /// <summary>"ascending" or "descending" on the column that orders the rows, null on the others.</summary>
    public string? OrderOf(UsageColumn column) => column != Filter.Sort.Column ? null : Filter.Sort.Descending ? "descending" : "ascending";

    /// <summary>Whether a group's first row is among some of its rows.</summary>
    public static bool BeginsWith(IReadOnlyList<UsageRow> rows) => rows is [{ PlaceInGroup: 1 }, ..];

    /// <summary>Whether a group's last row is among some of its rows.</summary>
    public static bool EndsWith(UsageGroup group, IReadOnlyList<UsageRow> rows)
    {
        ArgumentNullException.ThrowIfNull(group);
        return rows is [.., var last] && last.PlaceInGroup == group.Total.Rows;
    }

    /// <summary>The address of the page that says how a total comes about; null on paper.</summary>
    public string? ExplanationOf(ReportFilter filter) => OnScreen ? $"/usage-report/explain{filter.Query()}" : null;
}
