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

    /// <summary>The particulars as the audit tells them: what is included, and the query string that shows it again.</summary>
    public string Audited => $"{Included}, {Query()}";

    /// <summary>The codes of the kinds, as JSON lists them.</summary>
    public IEnumerable<UsageKind> Kinds
    {
        get
        {
            if (Sessions) yield return UsageKind.ConnectedSession;
            if (TopUps) yield return UsageKind.DailyTopUp;
        }
    }

    /// <summary>The query string of a URL that shows the same again, or the same in another order or from another row.</summary>
    /// <param name="sort">Another order.</param>
    /// <param name="page">A numbered page, from 1.</param>
    /// <param name="after">The event after whose row to begin.</param>
    public string Query(UsageSort? sort = null, int? page = null, string? after = null)
    {
        var order = sort ?? Sort;
        var query = string.Create(CultureInfo.InvariantCulture, $"?year={Month.Year}&month={Month.Month}");
        if (Sessions) query += "&sessions=true";
        if (TopUps) query += "&topUps=true";
        if (order != UsageSort.Default) query += $"&sort={order}";
        if (page is not null) query += string.Create(CultureInfo.InvariantCulture, $"&page={page}");
        return after is null ? query : $"{query}&after={Uri.EscapeDataString(after)}";
    }

    /// <summary>What tells it from the plain report of the same month and kinds, as a query string; empty for the plain one.</summary>
    public string Variant => Sort == UsageSort.Default ? "" : $"sort={Sort}";

    /// <summary>"Credit Usage Report 2026-10.pdf", with what it is limited to before the extension.</summary>
    public string FileName(string extension) => $"Credit Usage Report {Month}{(Sessions, TopUps) switch { (true, true) => "", (true, false) => " - sessions", _ => " - top-ups" }}.{extension}";
}
