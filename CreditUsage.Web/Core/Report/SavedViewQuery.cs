using CreditUsage.Domain.Months;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Core.Report;

/// <summary>The query strings of saved views: those of the report without a month and a page.</summary>
internal static class SavedViewQuery
{
    /// <summary>Everything but the month.</summary>
    public static string Of(ReportFilter filter) =>
        string.Join('&', filter.Query().TrimStart('?').Split('&').Where(parameter => !parameter.StartsWith("year=", StringComparison.Ordinal) && !parameter.StartsWith("month=", StringComparison.Ordinal)));

    public static QueryCollection Parameters(string view) => new(QueryHelpers.ParseQuery(view));

    /// <summary>Those that the form has no field for before there is a result.</summary>
    public static IReadOnlyList<(string Name, string Value)> ParametersWithoutField(string view) =>
        [.. Parameters(view).Where(parameter => !Fields.Contains(parameter.Key)).Select(parameter => (parameter.Key, parameter.Value.ToString()))];

    private static readonly string[] Fields = ["sessions", "topUps", "copy", "programs"];

    /// <summary>The address of a view of a month.</summary>
    public static string For(string view, UsageMonth month) => FormattableString.Invariant($"/usage-report?year={month.Year}&month={month.Month}&{view}");
}

/// <summary>A saved view as the report offers it.</summary>
/// <param name="Query">The report's query string without its month.</param>
/// <param name="IsDefault">Whether the report of whoever looks begins with it.</param>
public sealed record SavedViewLink(string Name, string Query, bool IsDefault);
