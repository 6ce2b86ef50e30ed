using CreditUsage.Features.Shared;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>A month as the page set that becomes a PDF.</summary>
/// <param name="Pages">Rows laid out by <see cref="PdfPages"/>; the totals stand on the last.</param>
/// <param name="PrintedBy">An e-mail address, or what ran it.</param>
/// <param name="Seal">Null where the file is not kept.</param>
public sealed record PdfDocument(CreditUsageReport Report, IReadOnlyList<IReadOnlyList<UsageRow>> Pages, string PrintedBy, ReportSeal? Seal)
{
    public const string View = "/Features/UsageReport/Paper/_PdfDocument.cshtml";

    /// <summary>Pages in one clipped wrapper: a layer for each page doubled the engine's work.</summary>
    public const int PagesAtOnce = 20;

    /// <summary>Lines of the notice that money is withheld.</summary>
    private const int NoticeLines = 3;

    public static PdfDocument Of(CreditUsageReport report, IEnumerable<UsageRow> rows, string printedBy, ReportSeal? seal)
    {
        ArgumentNullException.ThrowIfNull(report);
        var totalLines = report.Filter.Kinds.Count() + 1 + (report.Withheld is null ? 0 : NoticeLines);
        return new PdfDocument(report, PdfPages.Lay(rows, totalLines), printedBy, seal);
    }

    /// <summary>What the engine is to make of it.</summary>
    /// <param name="writeHtml">Renders <see cref="View"/> of this document.</param>
    public PdfSource Source(Func<TextWriter, Task> writeHtml) => new(
        $"Credit Usage Report {Report.Filter.Month}",
        $"{Report.Caption}: {Report.Sentence}",
        PrintedBy,
        Report.AsAt,
        Pages.Count,
        Report.All.Rows,
        writeHtml);

    /// <summary>The line under each page.</summary>
    public string Footer => $"{(Seal is null ? "" : $"{Seal.Line}. ")}Printed by {PrintedBy}, {Display.Moment(Report.AsAt)}";
}
