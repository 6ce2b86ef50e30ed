using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;

namespace CreditUsage.Core.Paper;

/// <summary>Some whole pages of a month, as one run of the engine makes them.</summary>
/// <param name="Pages">What is on each, as <see cref="PdfPages"/> laid them out.</param>
/// <param name="FirstPage">The number of the first of them in the whole document, from 1.</param>
/// <param name="PageCount">Pages of the whole document; the totals stand on its last.</param>
/// <param name="PrintedBy">An e-mail address, or what ran it.</param>
/// <param name="Seal">Null where the file is not kept.</param>
public sealed record PdfDocument(CreditUsageReport Report, IReadOnlyList<PdfPage> Pages, int FirstPage, int PageCount, string PrintedBy, ReportNumber? Seal)
{
    /// <summary>What the first page shows instead of rows; null where there are no pictures.</summary>
    public ChartSheet? Sheet { get; init; }

    /// <summary>The number of the page that the table begins on.</summary>
    public int FirstOfTable => Sheet is null ? 1 : 2;

    public const string View = "/Core/Paper/_PdfDocument.cshtml";

    /// <summary>Pages in one clipped wrapper: a layer for each page doubled the engine's work.</summary>
    public const int PagesAtOnce = 20;

    /// <summary>The line under each page.</summary>
    public string Footer => FooterOf(Report, PrintedBy, Seal);

    /// <summary>The same line for another form of paper.</summary>
    public static string FooterOf(CreditUsageReport report, string printedBy, ReportNumber? seal)
    {
        ArgumentNullException.ThrowIfNull(report);
        return $"{(seal is null ? "" : $"{seal.Line}. ")}Printed by {printedBy}, {Display.Moment(report.AsAt)}";
    }
}

/// <summary>What is on one page.</summary>
/// <param name="Rows">In order; a group's heading stands above its first and above the first of a page, its subtotal below its last.</param>
/// <param name="Subtotals">The groups that are shown by their subtotals alone.</param>
public sealed record PdfPage(IReadOnlyList<UsageRow> Rows, IReadOnlyList<UsageGroup> Subtotals)
{
    /// <summary>Rows of one group that follow each other; all where they are not grouped.</summary>
    public IEnumerable<IReadOnlyList<UsageRow>> Runs => Rows.GroupBy(row => row.Group?.Number ?? 0).Select(run => (IReadOnlyList<UsageRow>)[.. run]);
}

/// <summary>A month on paper by way of the browser: every row, whatever their number, as they come.</summary>
/// <param name="Rows">Every row of the report, in order.</param>
/// <param name="PrintedBy">An e-mail address, or what ran it.</param>
/// <param name="Style">The style sheet itself, for a file that stands alone; null where the page links it.</param>
public sealed record PrintDocument(CreditUsageReport Report, IAsyncEnumerable<UsageRow> Rows, string PrintedBy, string? Style = null)
{
    /// <summary>What comes before the table; null where there are no pictures.</summary>
    public ChartSheet? Sheet { get; init; }

    /// <summary>Rows that are sent before more are read.</summary>
    public const int RowsAtOnce = 500;
}
