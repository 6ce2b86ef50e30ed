namespace CreditUsage.Core.Report;

/// <summary>A line of totals: what it is of in the columns of words, its figures in the columns of figures that end the table.</summary>
/// <param name="Mark">"all", "sessions" or "top-ups"; null for a group's.</param>
/// <param name="Heading">"Total", before what is counted.</param>
/// <param name="Duration">"1,200 minutes"; empty where it has none.</param>
/// <param name="Explained">The address of the page that says how it comes about; null on paper.</param>
public sealed record TotalRow(string? Mark, string Heading, string Duration, UsageTotal Total, UsageColumns Columns, string? Explained)
{
    /// <summary>The figures at the table's end.</summary>
    public IReadOnlyList<UsageColumn> Figures { get; } = [.. Columns.Visible.Reverse().TakeWhile(UsageColumns.HasFigures).Reverse()];

    /// <summary>Columns that the heading takes.</summary>
    public int Span => Columns.Visible.Count - Figures.Sum(SpanOf);

    /// <summary>Columns that a figure takes: minutes and days together are wider than one.</summary>
    public int SpanOf(UsageColumn column) => column == UsageColumn.Duration && Columns.Visible.Count > Figures.Count + 1 ? 2 : 1;

    /// <summary>"Total: 1,260 events, 2 corrections", with those figures that have no column of their own at the end.</summary>
    public string Text
    {
        get
        {
            var counted = Display.Count(Total.Events, "event", "events") + (Total.Corrections == 0 ? "" : $", {Display.Count(Total.Corrections, "correction", "corrections")}");
            var elsewhere = Columns.Visible.Contains(UsageColumn.Credits) && !Figures.Contains(UsageColumn.Credits) ? $", {Display.Count(Total.Credits, "credit", "credits")}" : "";
            return $"{Heading}: {counted}{elsewhere}";
        }
    }

    /// <summary>"1,200 minutes, 31 days".</summary>
    public static string DurationOf(UsageTotal total)
    {
        ArgumentNullException.ThrowIfNull(total);
        var minutes = total.Minutes == 0 ? null : Display.Count(total.Minutes, "minute", "minutes");
        var days = total.DeviceDays == 0 ? null : Display.Count(total.DeviceDays, "day", "days");
        return string.Join(", ", new[] { minutes, days }.OfType<string>());
    }

    public string Figure(UsageColumn column) => column switch { UsageColumn.Duration => Duration, UsageColumn.Credits => Display.Number(Total.Credits), _ => Display.Pounds(Total.CostPence) };
}
