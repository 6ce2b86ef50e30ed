using CreditUsage.Core.Files;
using CreditUsage.Core.Paper.Proof;
using CreditUsage.Core.Report;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Core.Paper;

public sealed class GenerateBillback(BillbackQuery query, RenderView render, IPdfEngine engine)
{
    /// <summary>A proved file; dispose it after its bytes have been read.</summary>
    /// <exception cref="PdfException">Has a message for the user; nothing is left behind.</exception>
    public async Task<GeneratedPdf> RunAsync(ReportFilter filter, UsageGroupBy by, string printedBy, ReportNumber? seal, IProgress<int>? rowsDone, CancellationToken cancellation)
    {
        var billback = await query.RunAsync(filter, by, cancellation);
        var (report, pages) = (billback.Report, BillbackLayout.Pages(billback));
        if (billback.Groups.Aggregate(UsageTotal.Nothing, (total, group) => total + group.Total) != report.All) throw new InvalidOperationException("The groups do not add up to the report.");
        var parts = pages.Chunk(PdfLayout.MaxPagesOfAPart).Select((some, number) => Part(billback, some, (number * PdfLayout.MaxPagesOfAPart) + 1, pages.Count, printedBy, seal)).ToList();
        var source = new PdfSource($"Credit Usage Billback {report.Filter.Month}", $"{billback.Caption}: {report.Sentence}", printedBy, PaperProof.Creator(saved: seal is not null), report.AsAt, parts, PaperProof.Of(BillbackLayout.Tally(billback))) { QueueKey = report.Subscription.Id };
        var content = await ReportContent.Sha256Async(report, billback.Groups.SelectMany(group => group.Rows).ToAsyncEnumerable(), cancellation);
        return new GeneratedPdf(report, content, await engine.ConvertAsync(source, rowsDone, cancellation));
    }

    private PdfPart Part(BillbackReport billback, IReadOnlyList<BillbackPage> pages, int first, int count, string printedBy, ReportNumber? seal)
    {
        var document = new BillbackDocument(billback, pages, first, count, printedBy, seal);
        return new PdfPart(pages.Count, pages.Sum(page => page.Rows.Count), writer => render.ToAsync(BillbackDocument.View, document, writer));
    }
}
