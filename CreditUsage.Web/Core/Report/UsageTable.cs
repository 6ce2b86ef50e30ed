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

/// <param name="Explained">The address of the page that explains it; null on paper.</param>
public sealed record TotalRow(string? Mark, string Heading, string Duration, UsageTotal Total, UsageColumns Columns, string? Explained)
{
    public IReadOnlyList<UsageColumn> Figures { get; } = [.. Columns.Visible.Reverse().TakeWhile(UsageColumns.HasFigures).Reverse()];

    public int Span => Columns.Visible.Count - Figures.Sum(SpanOf);

    /// <summary>Minutes and days together need more than one column.</summary>
    public int SpanOf(UsageColumn column) => column == UsageColumn.Duration && Columns.Visible.Count > Figures.Count + 1 ? 2 : 1;

    /// <summary>"Total: 1,260 events, 2 corrections", followed by the figures whose columns are hidden.</summary>
    public string Text
    {
        get
        {
            var counted = Display.Count(Total.Events, "event", "events") + (Total.Corrections == 0 ? "" : $", {Display.Count(Total.Corrections, "correction", "corrections")}");
            var elsewhere = Columns.Visible.Contains(UsageColumn.Credits) && !Figures.Contains(UsageColumn.Credits) ? $", {Display.Count(Total.Credits, "credit", "credits")}" : "";
            return $"{Heading}: {counted}{elsewhere}";
        }
    }

    public static string DurationOf(UsageTotal total)
    {
        ArgumentNullException.ThrowIfNull(total);
        var minutes = total.Minutes == 0 ? null : Display.Count(total.Minutes, "minute", "minutes");
        var days = total.DeviceDays == 0 ? null : Display.Count(total.DeviceDays, "day", "days");
        return string.Join(", ", new[] { minutes, days }.OfType<string>());
    }

    public string Figure(UsageColumn column) => column switch { UsageColumn.Duration => Duration, UsageColumn.Credits => Display.Number(Total.Credits), _ => Display.Pounds(Total.CostPence) };
}
