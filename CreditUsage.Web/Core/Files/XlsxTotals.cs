using System.Globalization;
using CreditUsage.Core.Files.Xlsx;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;

namespace CreditUsage.Core.Files;

/// <summary>The totals below the rows, as formulas over them whose kept values are the report's own: each below the column that it adds up.</summary>
internal static class XlsxTotals
{
    private const string Withheld = "withheld";

    public static async Task WriteAsync(XlsxSheet sheet, XlsxColumns columns, CreditUsageReport report, CancellationToken cancellation)
    {
        // A month without rows is summed over the empty row below the head.
        var last = Math.Max(sheet.Row, 2);
        await WriteHeadAsync(sheet, columns, cancellation);
        if (report.Filter.Sessions) await WriteAsync(sheet, columns, "Connected sessions", UsageKind.ConnectedSession, report.Sessions, last, cancellation);
        if (report.Filter.TopUps) await WriteAsync(sheet, columns, "Daily top-ups", UsageKind.DailyTopUp, report.TopUps, last, cancellation);
        await WriteAsync(sheet, columns, "Total", kind: null, report.All, last, cancellation);
    }

    private static async Task WriteHeadAsync(XlsxSheet sheet, XlsxColumns columns, CancellationToken cancellation)
    {
        sheet.BeginRow();
        await sheet.EndRowAsync(cancellation);
        sheet.BeginRow();
        sheet.Text("Totals", XlsxStyle.Heading);
        for (var place = 1; place < columns.All.Count; place++) sheet.Text(HeadingOf(columns.TotalAt(place)), XlsxStyle.Heading);
        await sheet.EndRowAsync(cancellation);
    }

    private static string? HeadingOf(XlsxTotal? total) => total == XlsxTotal.Cost ? XlsxColumns.CostHeading : total?.ToString();

    private static async Task WriteAsync(XlsxSheet sheet, XlsxColumns columns, string name, UsageKind? kind, UsageTotal total, int last, CancellationToken cancellation)
    {
        sheet.BeginRow();
        sheet.Text(name, XlsxStyle.TotalText);
        for (var place = 1; place < columns.All.Count; place++) WriteCell((char)('A' + place), columns.TotalAt(place));
        await sheet.EndRowAsync(cancellation);

        void WriteCell(char column, XlsxTotal? figure)
        {
            var range = Range(column, last);
            // Narrowed to a kind by the column that says which one each row is of.
            var (counted, summed) = kind is { } one
                ? ($"COUNTIF({Range(columns.Kind, last)},\"{one.Label()}\")", $"SUMIFS({range},{Range(columns.Kind, last)},\"{one.Label()}\")")
                : ($"COUNTA({Range(columns.Kind, last)})", $"SUM({range})");
            if (figure is XlsxTotal.Rows) sheet.Formula(counted, total.Rows, XlsxStyle.TotalNumber);
            else if (figure is XlsxTotal.Minutes) sheet.Formula(summed, total.Minutes, XlsxStyle.TotalNumber);
            else if (figure is XlsxTotal.Credits) sheet.Formula(summed, total.Credits, XlsxStyle.TotalNumber);
            // The sum of many binary fractions is not always whole pence.
            else if (figure is XlsxTotal.Cost && total.CostPence is { } pence) sheet.Formula($"ROUND({summed},2)", pence / 100m, XlsxStyle.TotalPounds);
            else sheet.Text(figure is XlsxTotal.Cost ? Withheld : null, XlsxStyle.TotalText);
        }
    }

    private static string Range(char column, int last) => string.Create(CultureInfo.InvariantCulture, $"{column}$2:{column}${last}");
}
