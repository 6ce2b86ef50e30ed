using System.Globalization;
using CreditUsage.Domain;

namespace CreditUsage.Features.UsageReport;

/// <summary>What was chosen: one or both kinds, a month, and the order of the rows.</summary>
public sealed record UsageReportFilter(UsageMonth Month, bool Sessions, bool TopUps, UsageSort Sort)
{
    /// <summary>The kinds in words: "connected sessions and daily top-ups".</summary>
    public string Included => (Sessions, TopUps) switch
    {
        (true, true) => "connected sessions and daily top-ups",
        (true, false) => "connected sessions",
        _ => "daily top-ups",
    };

    /// <summary>The codes of the kinds, as JSON lists them.</summary>
    public IEnumerable<UsageKind> Kinds
    {
        get
        {
            if (Sessions) yield return UsageKind.ConnectedSession;
            if (TopUps) yield return UsageKind.DailyTopUp;
        }
    }

    /// <summary>The query string of a URL that shows the same again.</summary>
    public string Query(UsageSort? sort = null)
    {
        var order = sort ?? Sort;
        var query = string.Create(CultureInfo.InvariantCulture, $"?year={Month.Year}&month={Month.Month}");
        if (Sessions) query += "&sessions=true";
        if (TopUps) query += "&topUps=true";
        return order == UsageSort.Default ? query : $"{query}&sort={order}";
    }

    /// <summary>"Credit Usage Report 2026-10.pdf", with what it is limited to before the extension.</summary>
    public string FileName(string extension) => $"Credit Usage Report {Month}{(Sessions, TopUps) switch { (true, true) => "", (true, false) => " - sessions", _ => " - top-ups" }}.{extension}";
}
