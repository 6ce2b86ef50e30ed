using CreditUsage.Data;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Features.UsageReport;

/// <summary>Makes the PDF of a report.</summary>
public sealed class MakePdf(UsageReportQuery query, CreditUsageDb db, RenderView render, IPdfEngine engine)
{
    /// <summary>A proved file; dispose it when its bytes have been taken.</summary>
    /// <exception cref="PdfException">In words for the user; nothing is left behind.</exception>
    public async Task<(CreditUsageReport Report, PdfFile File)> RunAsync(UsageReportFilter filter, string printedBy, CancellationToken cancellation)
    {
        var report = await query.RunAsync(filter, cancellation);
        var document = PdfDocument.Of(report, await query.RowsAsync(filter, cancellation).ToListAsync(cancellation), printedBy);
        await db.EndSnapshotAsync();
        var source = document.Source(writer => render.ToAsync(PdfDocument.View, document, writer));
        return (report, await engine.ConvertAsync(source, cancellation));
    }
}
