using CreditUsage.Core.Files;
using CreditUsage.Core.Paper.Proof;
using CreditUsage.Core.Report;
using CreditUsage.Platform.Addresses;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Core.Paper;

/// <summary>Generates a report's PDF. Rows are read twice in one snapshot, so that a long month never has to fit into memory (docs/decisions/0013).</summary>
public sealed class GeneratePdf(ReportQuery query, RenderView render, IPdfEngine engine, RenderThrottle throttle, PublicAddress addresses)
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
        var figures = await PaperFigures.ReadAsync(report, cancellation);
        var layout = new PdfLayout(report, figures);
        var rowsSha256 = await LayOutAsync(report, layout, seal is not null, writeRows, cancellation);
        await using var rows = report.RowsAsync(cancellation).GetAsyncEnumerator(cancellation);
        var whole = new PdfDocument(report, figures, printedBy, seal, rowsSha256) { VerifyAt = addresses.IsSet ? addresses.Of("/verify") : null };
        var parts = Parts(whole, layout.Parts(), rows);
        var source = new PdfSource($"Credit Usage Report {report.Filter.Month}", $"{report.Caption}: {report.Sentence}", printedBy, PaperProof.Creator(saved: seal is not null), report.AsAt, parts, PaperProof.Of(layout.Tally))
        {
            QueueKey = report.Subscription.Id,
            Keywords = seal?.Anchor,
            Bookmarks = layout.Bookmarks,
        };
        return new GeneratedPdf(report, rowsSha256, rowsSha256 is null ? null : figures.ContentSha256(rowsSha256), await engine.ConvertAsync(source, rowsDone, cancellation));
    }

    /// <summary>The first reading, which the engine waits for; returns the SHA-256 of rows and totals where the report will be saved.</summary>
    private async Task<string?> LayOutAsync(CreditUsageReport report, PdfLayout layout, bool kept, Func<IAsyncEnumerable<UsageRow>, Task>? writeRows, CancellationToken cancellation)
    {
        using var turn = await throttle.EnterAsync(cancellation);
        var rows = layout.LayOutAsync(report.RowsAsync(cancellation), cancellation);
        if (writeRows is not null) return await ReportContent.Sha256Async(report, rows, writeRows, cancellation);
        if (kept) return await ReportContent.Sha256Async(report, rows, cancellation);
        await foreach (var _ in rows) { }
        return null;
    }

    private List<PdfPart> Parts(PdfDocument whole, IReadOnlyList<IReadOnlyList<LaidOutPage>> layout, IAsyncEnumerator<UsageRow> rows)
    {
        var (report, widths, days) = (whole.Report, NameWidths.Of(whole.Report.Filter.Columns), DayEnds.Of(whole.Figures));
        var (parts, first, count) = (new List<PdfPart>(), 1, layout.Sum(part => part.Count));
        foreach (var pages in layout)
        {
            var begins = first;
            parts.Add(new PdfPart(pages.Count, report.Filter.SubtotalsOnly ? 0 : pages.Sum(page => page.Rows), writer => WriteAsync(begins, pages, writer)) { HasImages = (whole with { FirstPage = begins }).HasLogo });
            first += pages.Count;
        }
        return parts;

        async Task WriteAsync(int begins, IReadOnlyList<LaidOutPage> pages, TextWriter writer)
        {
            var before = layout.SelectMany(part => part).Take(begins - 1).Sum(page => page.Rows);
            var shown = report.Filter.SubtotalsOnly ? Subtotals(report, before, pages) : await TakeAsync(rows, pages, widths, days);
            if (begins + pages.Count > count) await EndAsync(report, rows);
            await render.ToAsync(PdfDocument.View, whole with { Pages = shown, FirstPage = begins, PageCount = count }, writer);
        }
    }

    private static async Task<IReadOnlyList<PdfPage>> TakeAsync(IAsyncEnumerator<UsageRow> rows, IReadOnlyList<LaidOutPage> pages, NameWidths widths, DayEnds? days)
    {
        var taken = new List<PdfPage>(pages.Count);
        foreach (var (count, runningTotal) in pages)
        {
            var (page, ended) = (new List<UsageRow>(count), new Dictionary<DateOnly, UsageTotal>());
            while (page.Count < count && await rows.MoveNextAsync())
            {
                page.Add(widths.Wrap(rows.Current));
                if (days?.EndedBy(rows.Current) is { } day) ended.Add(rows.Current.ServiceDate, day);
            }
            taken.Add(new PdfPage(page, []) { EndedDays = days is null ? null : ended, RunningTotal = runningTotal });
        }
        return taken;
    }

    private static List<PdfPage> Subtotals(CreditUsageReport report, int before, IReadOnlyList<LaidOutPage> pages)
    {
        var taken = new List<PdfPage>(pages.Count);
        foreach (var (count, runningTotal) in pages)
        {
            taken.Add(new PdfPage([], [.. report.Groups!.Skip(before).Take(count)]) { RunningTotal = runningTotal });
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

public sealed class GeneratedPdf(CreditUsageReport report, string? rowsSha256, string? contentSha256, PdfFile file) : IDisposable
{
    private const string NotKept = "A report without a seal is not kept.";

    public CreditUsageReport Report => report;

    /// <summary>SHA-256 of the rows and totals, lower-case hexadecimal.</summary>
    public string RowsSha256 => rowsSha256 ?? throw new InvalidOperationException(NotKept);

    /// <summary>The same of all that is shown.</summary>
    public string ContentSha256 => contentSha256 ?? throw new InvalidOperationException(NotKept);

    public PdfFile File => file;

    public void Dispose() => File.Dispose();
}
