using CreditUsage.Domain.Months;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Core.Report;

internal static class SavedViewQuery
{
    public static string Of(ReportFilter filter) =>
        string.Join('&', filter.Query().TrimStart('?').Split('&').Where(parameter => !parameter.StartsWith("year=", StringComparison.Ordinal) && !parameter.StartsWith("month=", StringComparison.Ordinal)));

    public static QueryCollection Parameters(string view) => new(QueryHelpers.ParseQuery(view));

    /// <summary>Those without a field in the form before the report has run.</summary>
    public static IReadOnlyList<(string Name, string Value)> ParametersWithoutField(string view) =>
        [.. Parameters(view).Where(parameter => !Fields.Contains(parameter.Key)).SelectMany(parameter => parameter.Value, (parameter, value) => (parameter.Key, value ?? ""))];

    private static readonly string[] Fields = ["sessions", "topUps", "copy", "programs", "pictures", "summary"];

    public static string For(string view, UsageMonth month) => FormattableString.Invariant($"/usage-report?year={month.Year}&month={month.Month}&{view}");
}

public sealed record SavedViewLink(string Name, string Query, bool IsDefault);
