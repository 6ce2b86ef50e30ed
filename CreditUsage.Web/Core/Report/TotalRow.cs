namespace CreditUsage.Core.Report;

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
