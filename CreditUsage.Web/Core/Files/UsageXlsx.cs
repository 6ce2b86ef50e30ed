using CreditUsage.Core.Report;
using CreditUsage.Platform;
using SpreadCheetah;
using SpreadCheetah.Worksheets;

namespace CreditUsage.Core.Files;

/// <summary>The report as an Excel workbook: rows with totals as formulas, and a sheet about the file. Rows are streamed.</summary>
public static class UsageXlsx
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    internal const string ReportSheet = "Report";

    private const int MaxSheetRows = 1_048_576;

    /// <summary>The heading, an empty row, and up to four rows of totals.</summary>
    private const int OtherRows = 6;

    /// <summary>Some readers need cell references; without properties the file does not contain when or by what program it was written.</summary>
    private static readonly SpreadCheetahOptions Options = new() { DocumentProperties = null, PreserveStringWhitespace = true, WriteCellReferenceAttributes = true };

    public static string? Refusal(CreditUsageReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Filter.SubtotalsOnly || report.All.Rows <= MaxSheetRows - OtherRows ? null
            : $"{report.Filter.Month.Name} has too many rows for Excel. Download the CSV, or include one kind of usage only.";
    }

    /// <param name="stream">Need not be seekable. The ends of the workbook's parts are written to it synchronously.</param>
    /// <exception cref="UserFacingException">There are more rows than a sheet can hold.</exception>
    public static async Task WriteAsync(Stream stream, CreditUsageReport report, string by, string contentSha256, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        if (Refusal(report) is { } refusal) throw new UserFacingException(refusal);
        await using var book = await Spreadsheet.CreateNewAsync(stream, Options, cancellation);
        var cells = new XlsxCells(book);
        await (report.Filter.SubtotalsOnly ? XlsxSubtotals.WriteAsync(book, cells, report, cancellation) : WriteReportAsync(book, cells, report, rows, cancellation));
        await WriteAboutAsync(book, cells, AboutLines(report, by, contentSha256), cancellation);
        // Only this makes the file a workbook, so an interrupted one does not open.
        await book.FinishAsync(cancellation);
    }

    private static async Task WriteReportAsync(Spreadsheet book, XlsxCells cells, CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        var columns = XlsxColumns.Of(report.Filter.Columns);
        await book.StartWorksheetAsync(ReportSheet, columns.SheetOptions(report.All.Rows), cancellation);
        var line = columns.All.Select(column => cells.Heading(column.Heading)).ToArray();
        await book.AddRowAsync(line, cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            for (var place = 0; place < line.Length; place++) line[place] = columns.All[place].Cell(cells, row);
            await book.AddRowAsync(line, cancellation);
        }
        await XlsxTotals.WriteAsync(book, cells, columns, report, cancellation);
    }

    private static async Task WriteAboutAsync(Spreadsheet book, XlsxCells cells, IEnumerable<(string Label, string Value)> lines, CancellationToken cancellation)
    {
        var options = new WorksheetOptions();
        (options.Column(1).Width, options.Column(2).Width) = (24, 90);
        await book.StartWorksheetAsync("About", options, cancellation);
        foreach (var (label, value) in lines) await book.AddRowAsync([cells.Heading(label), cells.Text(value)], cancellation);
    }

    private static IEnumerable<(string Label, string Value)> AboutLines(CreditUsageReport report, string by, string contentSha256)
    {
        var filter = report.Filter;
        yield return ("Report", report.Heading);
        yield return ("Subscription", report.Subscription.Name);
        yield return ("Month", filter.Month.Name);
        yield return ("State", report.State.Label);
        yield return ("Included", filter.Included);
        if (filter.ForAccountant) yield return ("Copy", "Accountant's copy: clients appear as codes, totals are the same");
        if (filter.ProgramsHidden) yield return ("Programs", "Hidden");
        foreach (var criterion in report.Criteria) yield return (criterion.Label, criterion.Value);
        yield return ("Total", report.Sentence);
        if (report.Withheld is { } withheld) yield return ("Cost", withheld);
        yield return ("Created by", by);
        yield return ("Data as at", Display.Moment(report.AsAt));
        yield return ("SHA-256 of the content", contentSha256);
    }
}
