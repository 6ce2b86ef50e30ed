namespace CreditUsage.Core.Report;

/// <summary>The table's head: with links that sort on screen, plain on paper.</summary>
public sealed record TableHeader(ReportFilter Filter, bool Sortable)
{
    private static readonly IReadOnlyList<(UsageColumn Column, string Heading)> Headings =
    [
        (UsageColumn.Date, "Date (GMT)"),
        (UsageColumn.Kind, "Kind"),
        (UsageColumn.Staff, "Staff member"),
        (UsageColumn.Client, "Client"),
        (UsageColumn.Program, "Program"),
        (UsageColumn.Duration, "Duration"),
        (UsageColumn.Credits, "Credits"),
        (UsageColumn.Cost, "Cost (GBP)"),
    ];

    /// <summary>Those that are shown, in order.</summary>
    public IEnumerable<(UsageColumn Column, string Heading)> Columns => Filter.Columns.Shown.Select(column => (column, HeadingOf(column)));

    public static string HeadingOf(UsageColumn column) => Headings[(int)column].Heading;

    /// <summary>"ascending" or "descending" on the column that orders the rows, null on the others.</summary>
    public string? Order(UsageColumn column) => column != Filter.Sort.Column ? null : Filter.Sort.Descending ? "descending" : "ascending";

    /// <summary>The order that a heading's link asks for: by it, or the other way round when it is in force.</summary>
    public UsageSort Next(UsageColumn column) => new(column, Descending: Filter.Sort == new UsageSort(column, Descending: false));
}

/// <summary>Rows for page or paper.</summary>
/// <param name="Linked">Whether a row's date leads to its event: on screen, where a link can be followed.</param>
public sealed record UsageRows(IReadOnlyList<UsageRow> Rows, bool Linked, UsageColumns Columns = default)
{
    /// <summary>What a row shows in a column.</summary>
    public static string Text(UsageRow row, UsageColumn column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return column switch
        {
            UsageColumn.Date => Display.Day(row.ServiceDate),
            UsageColumn.Kind => row.KindLaid ?? row.KindShown,
            UsageColumn.Staff => row.Staff,
            UsageColumn.Client => row.ClientShown,
            UsageColumn.Program => row.Program,
            UsageColumn.Duration => row.DurationShown,
            UsageColumn.Credits => Display.Number(row.Credits),
            _ => Display.Pounds(row.CostPence),
        };
    }
}
