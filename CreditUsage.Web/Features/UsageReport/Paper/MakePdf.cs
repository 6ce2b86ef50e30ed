using CreditUsage.Data;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Features.UsageReport.Paper;

/// <summary>Makes the PDF of a report.</summary>
public sealed class MakePdf(UsageReportQuery query, CreditUsageDb db, RenderView render, IPdfEngine engine)
{
    /// <summary>A proved file; dispose it when its bytes have been taken.</summary>
    /// <param name="filter">A valid one.</param>
    /// <param name="printedBy">An e-mail address, or what ran it.</param>
    /// <param name="seal">What stands in the footer of a report that is going to be kept; null for one that is not.</param>
    /// <param name="rowsDone">Told how many rows are on paper, as they get there.</param>
    /// <exception cref="PdfException">In words for the user; nothing is left behind.</exception>
    public async Task<MadePdf> RunAsync(UsageReportFilter filter, string printedBy, ReportSeal? seal, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var report = await query.RunAsync(filter, cancellation);
        var rows = await query.RowsAsync(filter, cancellation).ToListAsync(cancellation);
        await db.EndSnapshotAsync();
        return await RunAsync(report, rows, printedBy, seal, rowsDone, cancellation);
    }

    /// <summary>The same of rows that have been read.</summary>
    /// <exception cref="PdfException">In words for the user; nothing is left behind.</exception>
    public async Task<MadePdf> RunAsync(
        CreditUsageReport report, IReadOnlyList<UsageRow> rows, string printedBy, ReportSeal? seal, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var document = PdfDocument.Of(report, rows, printedBy, seal);
        var file = await engine.ConvertAsync(document.Source(writer => render.ToAsync(PdfDocument.View, document, writer)), rowsDone, cancellation);
        return new MadePdf(report, await ReportContent.Sha256Async(report, rows.ToAsyncEnumerable(), cancellation), file);
    }
}
