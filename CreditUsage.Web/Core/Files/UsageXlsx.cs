using CreditUsage.Core.Files.Xlsx;
using CreditUsage.Core.Report;
using CreditUsage.Platform;

namespace CreditUsage.Core.Files;

/// <summary>The report as an Excel workbook: the rows with totals that calculate, and what the file is. Rows go out as they come.</summary>
public static class UsageXlsx
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Rows beside the report's own: the head, the totals and an empty one.</summary>
    private const int OtherRows = 6;

    /// <summary>Why a report cannot be had as a workbook; null where it can.</summary>
    public static string? Refusal(CreditUsageReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.All.Rows <= XlsxSheet.MaxRows - OtherRows ? null
            : $"{report.Filter.Month.Name} has more rows than an Excel sheet can hold. Download the CSV, or only one kind of usage.";
    }

    /// <param name="by">An e-mail address, or what ran it.</param>
    /// <param name="contentSha256">Of the rows and totals, as saved reports have it.</param>
    /// <param name="rows">Every row of the report, in order.</param>
    /// <exception cref="UserFacingException">There are more rows than a sheet can hold.</exception>
    public static async Task WriteAsync(Stream stream, CreditUsageReport report, string by, string contentSha256, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        if (Refusal(report) is { } refusal) throw new UserFacingException(refusal);
        var columns = XlsxColumns.Of(report.Filter.Columns);
        await using var book = new XlsxBook(stream);
        await book.AddAsync("Report", columns.Widths, headed: true, sheet => ReportAsync(sheet, columns, report, rows, cancellation), cancellation);
        await book.AddAsync("About", [24, 90], headed: false, sheet => AboutAsync(sheet, XlsxAbout.Lines(report, by, contentSha256), cancellation), cancellation);
        await book.EndAsync(cancellation);
    }

    private static async Task ReportAsync(XlsxSheet sheet, XlsxColumns columns, CreditUsageReport report, IAsyncEnumerable<UsageRow> rows, CancellationToken cancellation)
    {
        sheet.BeginRow();
        foreach (var column in columns.All) sheet.Text(column.Heading, XlsxStyle.Heading);
        await sheet.EndRowAsync(cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            sheet.BeginRow();
            foreach (var column in columns.All) column.Write(sheet, row);
            await sheet.EndRowAsync(cancellation);
        }
        sheet.Filter(columns.LastInSight);
        await XlsxTotals.WriteAsync(sheet, columns, report, cancellation);
    }

    private static async Task AboutAsync(XlsxSheet sheet, IEnumerable<(string What, string Is)> about, CancellationToken cancellation)
    {
        foreach (var (what, it) in about)
        {
            sheet.BeginRow();
            sheet.Text(what, XlsxStyle.Heading);
            sheet.Text(it);
            await sheet.EndRowAsync(cancellation);
        }
    }
}

/// <summary>What a workbook says of itself, a line each: it may lie somewhere on its own for years.</summary>
internal static class XlsxAbout
{
    public static IEnumerable<(string What, string Is)> Lines(CreditUsageReport report, string by, string contentSha256)
    {
        var filter = report.Filter;
        yield return ("Report", report.Heading);
        yield return ("Subscription", report.Subscription.Name);
        yield return ("Month", filter.Month.Name);
        yield return ("State", report.State.Label);
        yield return ("Included", filter.Included);
        if (filter.ForAccountant) yield return ("Copy", "An accountant's copy: codes stand for the clients, and the totals are the report's");
        if (filter.ProgramsHidden) yield return ("Programs", "Hidden");
        foreach (var criterion in report.Criteria) yield return (criterion.Label, criterion.Value);
        yield return ("It adds up to", report.Sentence);
        if (report.Withheld is { } withheld) yield return ("Cost", withheld);
        yield return ("Made by", by);
        yield return ("Data as at", Display.Moment(report.AsAt));
        yield return ("SHA-256 of the content", contentSha256);
    }
}
