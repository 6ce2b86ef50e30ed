using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;

namespace CreditUsage.Core.Paper;

/// <param name="FirstPage">The number of the first of them in the whole document, from 1.</param>
/// <param name="Seal">Null where the file is not saved.</param>
public sealed record PdfDocument(CreditUsageReport Report, IReadOnlyList<PdfPage> Pages, int FirstPage, int PageCount, string PrintedBy, ReportNumber? Seal)
{
    public ChartSheet? Sheet { get; init; }

    public int FirstOfTable => Sheet is null ? 1 : 2;

    public const string View = "/Core/Paper/_PdfDocument.cshtml";

    /// <summary>Pages in one clipped wrapper: a layer for each page doubled the engine's work.</summary>
    public const int PagesAtOnce = 20;

    public string Footer => FooterOf(Report, PrintedBy, Seal);

    public static string FooterOf(CreditUsageReport report, string printedBy, ReportNumber? seal)
    {
        ArgumentNullException.ThrowIfNull(report);
        return $"{(seal is null ? "" : $"{seal.Line}. ")}Printed by {printedBy}, {Display.Moment(report.AsAt)}";
    }
}

/// <param name="Rows">In order; a group's heading stands above its first row and above the first of a page, its subtotal below its last.</param>
public sealed record PdfPage(IReadOnlyList<UsageRow> Rows, IReadOnlyList<UsageGroup> Subtotals)
{
    public IEnumerable<IReadOnlyList<UsageRow>> Runs => Rows.GroupBy(row => row.Group?.Number ?? 0).Select(run => (IReadOnlyList<UsageRow>)[.. run]);
}

/// <param name="Style">The style sheet's text for a stand-alone file; null where the page links it.</param>
public sealed record PrintDocument(CreditUsageReport Report, IAsyncEnumerable<UsageRow> Rows, string PrintedBy, string? Style = null)
{
    public ChartSheet? Sheet { get; init; }

    public const int RowsAtOnce = 500;
}
