using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;

namespace CreditUsage.Core.Paper;

/// <summary>Some whole pages of a month, as one run of the engine makes them.</summary>
/// <param name="Pages">What is on each, as <see cref="PdfPages"/> laid them out.</param>
/// <param name="FirstPage">The number of the first of them in the whole document, from 1.</param>
/// <param name="PageCount">Pages of the whole document; the totals stand on its last.</param>
/// <param name="PrintedBy">An e-mail address, or what ran it.</param>
/// <param name="Seal">Null where the file is not kept.</param>
public sealed record PdfDocument(CreditUsageReport Report, IReadOnlyList<PdfPage> Pages, int FirstPage, int PageCount, string PrintedBy, ReportSeal? Seal)
{
    /// <summary>What the first page shows instead of rows; null where there are no pictures.</summary>
    public PicturesSheet? Sheet { get; init; }

    /// <summary>The number of the page that the table begins on.</summary>
    public int FirstOfTable => Sheet is null ? 1 : 2;

    public const string View = "/Core/Paper/_PdfDocument.cshtml";

    /// <summary>Pages in one clipped wrapper: a layer for each page doubled the engine's work.</summary>
    public const int PagesAtOnce = 20;

    /// <summary>The line under each page.</summary>
    public string Footer => FooterOf(Report, PrintedBy, Seal);

    /// <summary>The same line for another form of paper.</summary>
    public static string FooterOf(CreditUsageReport report, string printedBy, ReportSeal? seal)
    {
        ArgumentNullException.ThrowIfNull(report);
        return $"{(seal is null ? "" : $"{seal.Line}. ")}Printed by {printedBy}, {Display.Moment(report.AsAt)}";
    }
}
