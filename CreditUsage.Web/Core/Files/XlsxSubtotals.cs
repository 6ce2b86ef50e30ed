using System.Globalization;
using CreditUsage.Core.Report;
using SpreadCheetah;
using SpreadCheetah.Worksheets;

namespace CreditUsage.Core.Files;

/// <summary>The groups of a report that shows subtotals alone, a row for each, and its totals, the last as formulas.</summary>
internal static class XlsxSubtotals
{
    private const int TitleWidth = 40;
    private const int FigureWidth = 18;

    private static readonly (string Heading, Func<UsageTotal, long> Of)[] Figures =
        [("Events", total => total.Events), ("Corrections", total => total.Corrections), ("Duration (minutes)", total => total.Minutes), ("Device-days", total => total.DeviceDays), ("Credits", total => total.Credits)];

    public static async Task WriteAsync(Spreadsheet book, XlsxCells cells, CreditUsageReport report, CancellationToken cancellation)
    {
        await book.StartWorksheetAsync(UsageXlsx.ReportSheet, Sheet(report.Groups!.Count), cancellation);
        await book.AddRowAsync(Headings(cells, report.Filter.GroupBy!.Value.Label()), cancellation);
        foreach (var group in report.Groups) await book.AddRowAsync(Line(cells, cells.Text(group.Title), group.Total), cancellation);
        await book.AddRowAsync(Array.Empty<Cell>(), cancellation);
        await book.AddRowAsync(Headings(cells, "Totals"), cancellation);
        if (report.Filter.Sessions) await book.AddRowAsync(Line(cells, cells.TotalText("Connected sessions"), report.Sessions), cancellation);
        if (report.Filter.TopUps) await book.AddRowAsync(Line(cells, cells.TotalText("Daily top-ups"), report.TopUps), cancellation);
        await book.AddRowAsync(Sums(cells, report), cancellation);
    }

    private static WorksheetOptions Sheet(int groups)
    {
        var options = new WorksheetOptions { FrozenRows = 1, AutoFilter = new(string.Create(CultureInfo.InvariantCulture, $"A1:{XlsxColumns.Letter(Figures.Length + 1)}{groups + 1}")) };
        options.Column(1).Width = TitleWidth;
        for (var column = 2; column <= Figures.Length + 2; column++) options.Column(column).Width = FigureWidth;
        return options;
    }

    private static Cell[] Headings(XlsxCells cells, string first) => [cells.Heading(first), .. Figures.Select(figure => cells.Heading(figure.Heading)), cells.Heading(XlsxColumns.CostHeading)];

    private static Cell[] Line(XlsxCells cells, Cell title, UsageTotal total) =>
        [title, .. Figures.Select(figure => cells.Number(figure.Of(total))), total.CostPence is { } pence ? cells.Pounds(pence) : cells.Text(XlsxTotals.Withheld)];

    private static Cell[] Sums(XlsxCells cells, CreditUsageReport report)
    {
        // A month without usage is summed over the empty row below the heading.
        var last = Math.Max(report.Groups!.Count + 1, 2);
        return [cells.TotalText("Total"), .. Figures.Select((figure, place) => cells.Total(Sum(place + 1), figure.Of(report.All))),
            report.All.CostPence is { } pence ? cells.TotalPounds($"ROUND({Sum(Figures.Length + 1)},2)", pence) : cells.TotalText(XlsxTotals.Withheld)];

        string Sum(int column) => string.Create(CultureInfo.InvariantCulture, $"SUM({XlsxColumns.Letter(column)}$2:{XlsxColumns.Letter(column)}${last})");
    }
}
