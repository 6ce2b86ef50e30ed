namespace CreditUsage.Core.Report;

/// <summary>Rows of groups for page or paper, group by group: each with its heading before its first row and its subtotal after its last.</summary>
/// <param name="Linked">Whether dates and subtotals lead on: on screen.</param>
public sealed record UsageGroupRows(CreditUsageReport Report, IReadOnlyList<UsageRow> Rows, bool Linked)
{
    /// <summary>The groups that the rows are of, each with its own.</summary>
    public IEnumerable<(UsageGroup Group, IReadOnlyList<UsageRow> Rows)> Runs => Report.Filter.SubtotalsOnly
        ? Report.Groups!.Select(group => (group, (IReadOnlyList<UsageRow>)[]))
        : Rows.GroupBy(row => row.Group!).Select(run => (run.Key, (IReadOnlyList<UsageRow>)[.. run]));

    public static bool Begins(IReadOnlyList<UsageRow> rows) => rows is [{ PlaceInGroup: 1 }, ..];

    public static bool Ends(UsageGroup group, IReadOnlyList<UsageRow> rows)
    {
        ArgumentNullException.ThrowIfNull(group);
        return rows is [.., var last] && last.PlaceInGroup == group.Total.Rows;
    }
}
