using System.Globalization;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Core.Report;

public sealed record ReportFilter(UsageMonth Month, bool Sessions, bool TopUps, UsageSort Sort)
{
    public static ReportFilter Whole(UsageMonth month) => new(month, Sessions: true, TopUps: true, UsageSort.Default);

    /// <summary>A copy with codes for clients' names. Its totals are the report's.</summary>
    public bool ForAccountant { get; init; }

    public bool ProgramsHidden { get; init; }

    public RowFilter Rows { get; init; } = RowFilter.None;

    public UsageGroupBy? GroupBy { get; init; }

    public bool SubtotalsOnly { get; init; }

    public bool NewPages { get; init; }

    /// <summary>A page of charts on paper.</summary>
    public bool Pictures { get; init; }

    /// <summary>A PDF that begins with its rows.</summary>
    public bool SummaryLeftOut { get; init; }

    public UsageColumns Columns { get; init; }

    /// <summary>Null but for a kept report that is made again.</summary>
    internal EditionTerms? Edition { get; init; }

    public ReportFilter Ungrouped => this with { GroupBy = null, SubtotalsOnly = false, NewPages = false, Pictures = false, SummaryLeftOut = false };

    /// <summary>"accountant's copy, programs hidden"; null for the report itself.</summary>
    public string? Copy => !ForAccountant ? null : ProgramsHidden ? "accountant's copy, programs hidden" : "accountant's copy";

    public string Included => (Sessions, TopUps) switch
    {
        (true, true) => "connected sessions and daily top-ups",
        (true, false) => "connected sessions",
        _ => "daily top-ups",
    };

    /// <summary>Without what was searched for: a text names clients and illnesses, and the audit keeps it for good.</summary>
    public string AuditDetails => $"{Included}, {(this with { Rows = Rows.Audited }).Query()}{(Rows.Client.Count == 0 ? "" : ", of chosen clients")}{(Rows.Text is null ? "" : ", searched for a text")}";

    /// <summary>Whether a condition is found among the names and not in the database.</summary>
    internal bool SearchesNames => Rows.Text is not null || (ForAccountant && Rows.Client.Count > 0);

    public IEnumerable<UsageKind> Kinds
    {
        get
        {
            if (Sessions) yield return UsageKind.ConnectedSession;
            if (TopUps) yield return UsageKind.DailyTopUp;
        }
    }

    /// <param name="after">The rows begin after this event's.</param>
    public string Query(UsageSort? sort = null, int? page = null, string? after = null)
    {
        var order = sort ?? Sort;
        var query = string.Create(CultureInfo.InvariantCulture, $"?year={Month.Year}&month={Month.Month}");
        if (Sessions) query += "&sessions=true";
        if (TopUps) query += "&topUps=true";
        if (VariantIn(order) is { Length: > 0 } variant) query += $"&{variant}";
        if (page is not null) query += string.Create(CultureInfo.InvariantCulture, $"&page={page}");
        return after is null ? query : $"{query}&after={Uri.EscapeDataString(after)}";
    }

    /// <summary>The same, one by one, for the fields of a form.</summary>
    public IEnumerable<(string Name, string Value)> Parameters => QueryHelpers.ParseQuery(Query()).SelectMany(parameter => parameter.Value, (parameter, value) => (parameter.Key, value ?? ""));

    public string AddressOf(int page) => $"/usage-report{Query(page: page == 1 ? null : page)}";

    /// <summary>The query string of what differs from the plain report of the same month and kinds; empty for the plain one.</summary>
    public string Variant => VariantIn(Sort);

    /// <summary>"Credit Usage Report 2026-10.pdf"; what tells it from the plain month stands before the extension.</summary>
    public string FileName(string extension, string what = "Report") =>
        $"{string.Join(" - ", new[] { $"Credit Usage {what} {Month}" }.Concat(FileNameParts(onPaper: extension is "pdf" or "zip")))}.{extension}";

    private IEnumerable<string> FileNameParts(bool onPaper) => new[]
    {
        (Sessions, TopUps) switch { (true, true) => null, (true, false) => "sessions", _ => "top-ups" },
        Rows == RowFilter.None ? null : "filtered",
        GroupBy is { } by ? $"by {by.Word()}" : null,
        SubtotalsOnly ? "subtotals" : null,
        NewPages && onPaper ? "new pages" : null,
        Columns.AreAll ? null : "chosen columns",
        Pictures && onPaper ? "with charts" : null,
        SummaryLeftOut && onPaper ? "without summary" : null,
        ForAccountant ? "accountant copy" : null,
        ProgramsHidden ? "programs hidden" : null,
    }.OfType<string>();

    private string VariantIn(UsageSort order) => string.Join('&', new[]
    {
        order == UsageSort.Default ? null : $"sort={order}",
        ForAccountant ? $"copy={ReportInput.Accountant}" : null,
        ProgramsHidden ? $"programs={ReportInput.Hidden}" : null,
        GroupBy is { } by ? $"groupBy={by.Word()}" : null,
        SubtotalsOnly ? $"rows={ReportInput.Subtotals}" : null,
        NewPages ? "newPages=true" : null,
        Pictures ? "pictures=true" : null,
        SummaryLeftOut ? $"summary={ReportInput.NoSummary}" : null,
        Columns.Text is { } columns ? $"columns={columns}" : null,
    }.OfType<string>().Concat(Rows.Parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}")));
}
