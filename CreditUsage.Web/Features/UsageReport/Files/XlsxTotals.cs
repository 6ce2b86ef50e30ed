using System.Globalization;
using CreditUsage.Domain;
using CreditUsage.Features.UsageReport.Files.Xlsx;

namespace CreditUsage.Features.UsageReport.Files;

/// <summary>The totals below the rows, as formulas over them whose kept values are the report's own.</summary>
internal static class XlsxTotals
{
    private const string Withheld = "withheld";

    public static async Task WriteAsync(XlsxSheet sheet, CreditUsageReport report, CancellationToken cancellation)
    {
        // A month without rows is summed over the empty row below the head.
        var last = Math.Max(sheet.Row, 2);
        await WriteHeadAsync(sheet, cancellation);
        if (report.Filter.Sessions) await WriteAsync(sheet, "Connected sessions", UsageKind.ConnectedSession, report.Sessions, last, cancellation);
        if (report.Filter.TopUps) await WriteAsync(sheet, "Daily top-ups", UsageKind.DailyTopUp, report.TopUps, last, cancellation);
        await WriteAsync(sheet, "Total", kind: null, report.All, last, cancellation);
    }

    private static async Task WriteHeadAsync(XlsxSheet sheet, CancellationToken cancellation)
    {
        sheet.BeginRow();
        await sheet.EndRowAsync(cancellation);
        sheet.BeginRow();
        sheet.Text("Totals", XlsxStyle.Heading);
        sheet.Skip(5);
        foreach (var heading in new[] { "Rows", "Minutes", "Credits", "Cost (GBP)" }) sheet.Text(heading, XlsxStyle.Heading);
        await sheet.EndRowAsync(cancellation);
    }

    private static async Task WriteAsync(XlsxSheet sheet, string name, UsageKind? kind, UsageTotal total, int last, CancellationToken cancellation)
    {
        sheet.BeginRow();
        sheet.Text(name, XlsxStyle.TotalText);
        sheet.Skip(5);
        sheet.Formula(kind is { } counted ? $"COUNTIF({Range('C', last)},\"{counted.Label()}\")" : $"COUNTA({Range('C', last)})", total.Rows, XlsxStyle.TotalNumber);
        sheet.Formula(Sum('H', kind, last), total.Minutes, XlsxStyle.TotalNumber);
        sheet.Formula(Sum('I', kind, last), total.Credits, XlsxStyle.TotalNumber);
        // The sum of many binary fractions is not always whole pence.
        if (total.CostPence is { } pence) sheet.Formula($"ROUND({Sum('J', kind, last)},2)", pence / 100m, XlsxStyle.TotalPounds);
        else sheet.Text(Withheld, XlsxStyle.TotalText);
        await sheet.EndRowAsync(cancellation);
    }

    private static string Sum(char column, UsageKind? kind, int last) =>
        kind is { } one ? $"SUMIFS({Range(column, last)},{Range('C', last)},\"{one.Label()}\")" : $"SUM({Range(column, last)})";

    private static string Range(char column, int last) => string.Create(CultureInfo.InvariantCulture, $"{column}$2:{column}${last}");
}
