using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Features.Shared;

/// <summary>The head of a page about a month: the months beside it, and the same month on other pages.</summary>
/// <param name="Tab">The page's own tab; null where it has none.</param>
public sealed record MonthHead(UsageMonth Month, ReportableMonths Months, ClosedMonths Closed, DateTimeOffset AsAt, ReportFilter Filter, string? Tab)
{
    public const string Rows = "Rows", Groups = "Groups", Charts = "Charts", Compare = "Compare", Billback = "Billback", Check = "Check";

    /// <summary>Parameters that mean nothing in another month.</summary>
    private static readonly string[] OfOneMonth = ["year", "month", "page", "after", "from", "to", .. NameKindLabels.All.Select(ReportInput.TypedParameter)];

    public static MonthHead Of(CreditUsageReport report, string? tab)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(report.Filter.Month, new ReportableMonths(report.Subscription.StartsOn, report.AsAt), report.Closed, report.AsAt, report.Filter, tab);
    }

    public MonthState State => StateOf(Month);

    public UsageMonth? Before => Month > Months.First ? Month.Previous : null;

    public UsageMonth? After => Month < Months.Current ? Month.Next : null;

    /// <summary>The newest first.</summary>
    public IEnumerable<int> Years => Enumerable.Range(0, Months.Current.Year - Months.First.Year + 1).Select(back => Months.Current.Year - back);

    /// <summary>A copy without names has no check of every row, which shows them.</summary>
    public IEnumerable<(string Name, string Address)> Tabs
    {
        get
        {
            var plain = Filter.Ungrouped;
            yield return (Rows, $"/usage-report{plain.Query()}");
            yield return (Groups, $"/usage-report{(Filter.GroupBy is null ? plain with { GroupBy = UsageGroupBy.Staff, SubtotalsOnly = true } : Filter).Query()}");
            yield return (Charts, $"/usage-report/pictures{plain.Query(UsageSort.Default)}");
            yield return (Compare, $"/usage-report/compare{(Filter.GroupBy is UsageGroupBy.Day or UsageGroupBy.Week ? plain : Filter with { SubtotalsOnly = false, NewPages = false }).Query()}");
            yield return (Billback, $"/usage-report/billback{Filter.Query()}");
            if (!Filter.ForAccountant) yield return (Check, $"/usage-report/rows-verified{MonthAddress.Query(Month)}");
        }
    }

    public MonthState StateOf(UsageMonth month) => Closed.StateOf(month, AsAt);

    public bool IsReportable(UsageMonth month) => Months.Refusal(month) is null;

    /// <summary>The address of the page that is shown, of another month: what it was asked for otherwise stays.</summary>
    public string AddressOf(HttpRequest request, UsageMonth month)
    {
        ArgumentNullException.ThrowIfNull(request);
        var rest = request.Query.Where(parameter => !OfOneMonth.Contains(parameter.Key, StringComparer.Ordinal)).SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value));
        var kinds = request.Path.Equals("/usage-report", StringComparison.OrdinalIgnoreCase) && !request.Query.ContainsKey("sessions") && !request.Query.ContainsKey("topUps")
            ? new[] { KeyValuePair.Create("sessions", (string?)"true"), KeyValuePair.Create("topUps", (string?)"true") } : [];
        var query = QueryHelpers.AddQueryString("", kinds.Concat(rest));
        return $"{request.Path}{MonthAddress.Query(month)}{(query.Length > 0 ? $"&{query[1..]}" : "")}";
    }
}
