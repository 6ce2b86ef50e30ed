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
        var source = new PdfSource($"Credit Usage Billback {report.Filter.Month}", $"{billback.Caption}: {report.Sentence}", printedBy, PaperProof.Creator(saved: seal is not null), report.AsAt, parts, PaperProof.Of(BillbackLayout.Tally(billback))) { QueueKey = report.Subscription.Id, Keywords = seal?.Anchor };
        var content = await ReportContent.Sha256Async(report, billback.Groups.SelectMany(group => group.Rows).ToAsyncEnumerable(), cancellation);
        return new GeneratedPdf(report, content, content, await engine.ConvertAsync(source, rowsDone, cancellation));
    }

    private PdfPart Part(BillbackReport billback, IReadOnlyList<BillbackPage> pages, int first, int count, string printedBy, ReportNumber? seal)
    {
        var document = new BillbackDocument(billback, pages, first, count, printedBy, seal);
        return new PdfPart(pages.Count, pages.Sum(page => page.Rows.Count), writer => render.ToAsync(BillbackDocument.View, document, writer));
    }
}

/// <summary>Lays a billback out on paper: the summary with the grand total, then each group on pages of its own, which can be handed out.</summary>
internal static class BillbackLayout
{
    /// <summary>Lines of the summary's total and of the rule below it.</summary>
    private const int SummaryEndLines = 4;

    /// <summary>Inner width in px of the summary's titles, as the view's style has it.</summary>
    private const int TitleWidth = 610;

    public static IReadOnlyList<BillbackPage> Pages(BillbackReport billback)
    {
        var pages = Summary(billback.Groups);
        foreach (var group in billback.Groups) pages.AddRange(Group(group));
        return pages;
    }

    public static PaperTally Tally(BillbackReport billback)
    {
        var tally = PdfLayout.NewTally();
        foreach (var group in billback.Groups) tally.Total(Display.Pounds(group.Total.CostPence));
        tally.Total(Display.Pounds(billback.Report.All.CostPence));
        foreach (var group in billback.Groups)
        {
            foreach (var row in group.Rows) tally.Row(Display.Day(row.ServiceDate), Display.Pounds(row.CostPence));
            tally.Total(Display.Pounds(group.Total.CostPence));
        }
        return tally;
    }

    public static string? ClassOf(BillbackGroup group) => TextMeasurer.RowClass(CountLines(group), wrapped: !TextMeasurer.IsPlain(group.Title, TitleWidth));

    public static string TitleOf(BillbackGroup group) => TextMeasurer.Wrap(group.Title, TitleWidth);

    private static int CountLines(BillbackGroup group) => TextMeasurer.CountLines(group.Title, TitleWidth);

    private static List<BillbackPage> Summary(IReadOnlyList<BillbackGroup> groups)
    {
        var (pages, page, used) = (new List<BillbackPage>(), new List<BillbackGroup>(), 0);
        foreach (var group in groups)
        {
            if (used + CountLines(group) > PdfPages.LinesPerPage) TurnOver();
            page.Add(group);
            used += CountLines(group);
        }
        if (used + SummaryEndLines > PdfPages.LinesPerPage) TurnOver();
        pages.Add(new(page, null, [], Ends: true));
        return pages;

        void TurnOver()
        {
            pages.Add(new(page, null, [], Ends: false));
            (page, used) = ([], 0);
        }
    }

    private static IEnumerable<BillbackPage> Group(BillbackGroup group)
    {
        var layout = new PdfPages(UsageColumns.All);
        foreach (var row in group.Rows) layout.Add(row);
        var counts = layout.End(totalLines: 1);
        var widths = NameWidths.Of(UsageColumns.All);
        var first = 0;
        for (var page = 0; page < counts.Count; page++)
        {
            yield return new([], group, [.. group.Rows.Skip(first).Take(counts[page]).Select(widths.Wrap)], Ends: page == counts.Count - 1);
            first += counts[page];
        }
    }
}

public sealed record BillbackDocument(BillbackReport Billback, IReadOnlyList<BillbackPage> Pages, int FirstPage, int PageCount, string PrintedBy, ReportNumber? Seal)
{
    public const string View = "/Core/Paper/_BillbackDocument.cshtml";

    public string Footer => PdfDocument.FooterOf(Billback.Report, PrintedBy, Seal);
}

/// <param name="Ends">The last page of the summary or of the group: its total stands below.</param>
public sealed record BillbackPage(IReadOnlyList<BillbackGroup> Summary, BillbackGroup? Group, IReadOnlyList<UsageRow> Rows, bool Ends);
