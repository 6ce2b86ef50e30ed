using CreditUsage.Core.Files;
using CreditUsage.Core.Paper.Proof;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Core.Paper;

/// <summary>Generates a report's PDF. Rows are read twice in one snapshot, so that a long month never has to fit into memory (docs/decisions/0013).</summary>
public sealed class GeneratePdf(ReportQuery query, RenderView render, IPdfEngine engine, RenderThrottle throttle)
{
    /// <summary>A proved file; dispose it after its bytes have been read. The snapshot ends as soon as the parts are written.</summary>
    /// <param name="seal">Printed in the footer of a report that will be saved; null for any other.</param>
    /// <exception cref="PdfException">Has a message for the user; nothing is left behind.</exception>
    public async Task<GeneratedPdf> RunAsync(ReportFilter filter, string printedBy, ReportNumber? seal, IProgress<int>? rowsDone, CancellationToken cancellation) =>
        await OfAsync(await query.OpenAsync(filter, cancellation), printedBy, seal, rowsDone, cancellation);

    /// <param name="writeRows">Receives every row at the first reading of a report that will be saved; may be null.</param>
    public async Task<GeneratedPdf> OfAsync(
        CreditUsageReport report, string printedBy, ReportNumber? seal, IProgress<int>? rowsDone, CancellationToken cancellation, Func<IAsyncEnumerable<UsageRow>, Task>? writeRows = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var sheet = await DrawCharts.SheetAsync(report, cancellation);
        var layout = new PdfLayout(report, sheet);
        var content = await LayOutAsync(report, layout, sheet, seal is not null, writeRows, cancellation);
        await using var rows = report.RowsAsync(cancellation).GetAsyncEnumerator(cancellation);
        var parts = Parts(report, sheet, layout.Parts(), rows, printedBy, seal);
        var source = new PdfSource($"Credit Usage Report {report.Filter.Month}", $"{report.Caption}: {report.Sentence}", printedBy, PaperProof.Creator(saved: seal is not null), report.AsAt, parts, PaperProof.Of(layout.Tally)) { QueueKey = report.Subscription.Id, Keywords = seal?.Anchor };
        return new GeneratedPdf(report, content, await engine.ConvertAsync(source, rowsDone, cancellation));
    }

    /// <summary>The first reading, which the engine waits for; returns the content's SHA-256 where the report will be saved.</summary>
    private async Task<string?> LayOutAsync(
        CreditUsageReport report, PdfLayout layout, ChartSheet? sheet, bool kept, Func<IAsyncEnumerable<UsageRow>, Task>? writeRows, CancellationToken cancellation)
    {
        using var turn = await throttle.EnterAsync(cancellation);
        var rows = layout.LayOutAsync(report.RowsAsync(cancellation), cancellation);
        if (writeRows is not null) return await ReportContent.Sha256Async(report, rows, writeRows, cancellation, sheet);
        if (kept) return await ReportContent.Sha256Async(report, rows, cancellation, sheet);
        await foreach (var _ in rows) { }
        return null;
    }

    private List<PdfPart> Parts(CreditUsageReport report, ChartSheet? sheet, IReadOnlyList<IReadOnlyList<int>> layout, IAsyncEnumerator<UsageRow> rows, string printedBy, ReportNumber? seal)
    {
        var widths = NameWidths.Of(report.Filter.Columns);
        var (parts, first, count) = (new List<PdfPart>(), 1, layout.Sum(part => part.Count));
        foreach (var pages in layout)
        {
            var begins = first;
            parts.Add(new PdfPart(pages.Count, report.Filter.SubtotalsOnly ? 0 : pages.Sum(), writer => WriteAsync(begins, pages, writer)));
            first += pages.Count;
        }
        return parts;

        async Task WriteAsync(int begins, IReadOnlyList<int> pages, TextWriter writer)
        {
            var shown = report.Filter.SubtotalsOnly ? Subtotals(report, layout.SelectMany(part => part).Take(begins - 1).Sum(), pages) : await TakeAsync(rows, pages, widths);
            var document = new PdfDocument(report, shown, begins, count, printedBy, seal) { Sheet = sheet };
            if (begins + pages.Count > count) await EndAsync(report, rows);
            await render.ToAsync(PdfDocument.View, document, writer);
        }
    }

    private static async Task<IReadOnlyList<PdfPage>> TakeAsync(IAsyncEnumerator<UsageRow> rows, IReadOnlyList<int> pages, NameWidths widths)
    {
        var taken = new List<PdfPage>(pages.Count);
        foreach (var count in pages)
        {
            var page = new List<UsageRow>(count);
            while (page.Count < count && await rows.MoveNextAsync()) page.Add(widths.Wrap(rows.Current));
            taken.Add(new PdfPage(page, []));
        }
        return taken;
    }

    private static List<PdfPage> Subtotals(CreditUsageReport report, int before, IReadOnlyList<int> pages)
    {
        var taken = new List<PdfPage>(pages.Count);
        foreach (var count in pages)
        {
            taken.Add(new PdfPage([], [.. report.Groups!.Skip(before).Take(count)]));
            before += count;
        }
        return taken;
    }

    private static async Task EndAsync(CreditUsageReport report, IAsyncEnumerator<UsageRow> rows)
    {
        await rows.DisposeAsync();
        await report.EndAsync();
    }
}

public sealed class GeneratedPdf(CreditUsageReport report, string? contentSha256, PdfFile file) : IDisposable
{
    public CreditUsageReport Report => report;

    /// <summary>SHA-256 of the rows and totals, lower-case hexadecimal.</summary>
    public string ContentSha256 => contentSha256 ?? throw new InvalidOperationException("A report without a seal is not kept.");

    public PdfFile File => file;

    public void Dispose() => File.Dispose();
}
