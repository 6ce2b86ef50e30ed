using CreditUsage.Domain.Reports;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Features.SavedReports;

/// <summary>What tells saved reports of a month apart.</summary>
public static class SavedReportLabels
{
    /// <summary>Such as "Whole month, by staff, subtotals, with charts".</summary>
    public static string Contents(SavedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var variant = QueryHelpers.ParseQuery(report.Variant);
        string? Of(string parameter) => variant.TryGetValue(parameter, out var value) ? value.ToString() : null;
        var filters = string.Join(" and ", SavedReport.Filters.Where(filter => variant.ContainsKey(filter.Parameter)).Select(filter => filter.Label).Distinct());
        var parts = new[]
        {
            (report.Sessions, report.TopUps) switch { (true, true) => filters.Length == 0 ? "whole month" : null, (true, false) => "connected sessions", _ => "daily top-ups" },
            filters.Length == 0 ? null : $"filtered by {filters}",
            report.Form == ReportType.Billback ? $"billback by {Of("by")}" : null,
            Of("groupBy") is { } by ? $"by {by}" : null,
            Of("rows") is null ? null : "subtotals",
            Of("newPages") is null ? null : "new page for each group",
            Of("sort") is null ? null : "sorted",
            Of("columns") is null ? null : "chosen columns",
            Of("pictures") is null ? null : "with charts",
            Of("summary") is null ? null : "without summary",
            Of("copy") is null ? null : "accountant's copy",
            Of("programs") is null ? null : "programs hidden",
        };
        var text = string.Join(", ", parts.OfType<string>());
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
