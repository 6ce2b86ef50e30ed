namespace CreditUsage.Core.Report;

/// <param name="Rows">In order; empty for the head, the totals, and groups shown by their subtotals alone.</param>
public sealed record UsageTable(CreditUsageReport Report, IReadOnlyList<UsageRow> Rows, bool OnScreen)
{
    public ReportFilter Filter => Report.Filter;

    public bool DatesLinked => OnScreen && !Filter.ForAccountant;

    public IEnumerable<(UsageGroup Group, IReadOnlyList<UsageRow> Rows)> Groups => Filter.SubtotalsOnly
        ? Report.Groups!.Select(group => (group, (IReadOnlyList<UsageRow>)[]))
        : Rows.GroupBy(row => row.Group!).Select(run => (run.Key, (IReadOnlyList<UsageRow>)[.. run]));

    /// <summary>"ascending" or "descending" for the column that sorts the rows, null for the others.</summary>
    public string? OrderOf(UsageColumn column) => column != Filter.Sort.Column ? null : Filter.Sort.Descending ? "descending" : "ascending";

    public static bool BeginsWith(IReadOnlyList<UsageRow> rows) => rows is [{ PlaceInGroup: 1 }, ..];

    public static bool EndsWith(UsageGroup group, IReadOnlyList<UsageRow> rows)
    {
        ArgumentNullException.ThrowIfNull(group);
        return rows is [.., var last] && last.PlaceInGroup == group.Total.Rows;
    }

    public string? ExplanationOf(ReportFilter filter) => OnScreen ? $"/usage-report/explain{filter.Query()}" : null;
}
