using System.Globalization;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

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

    public bool Pictures { get; init; }

    public UsageColumns Columns { get; init; }

    public ReportFilter Ungrouped => this with { GroupBy = null, SubtotalsOnly = false, NewPages = false, Pictures = false };

    /// <summary>"accountant's copy, programs hidden"; null for the report itself.</summary>
    public string? Copy => !ForAccountant ? null : ProgramsHidden ? "accountant's copy, programs hidden" : "accountant's copy";

    public string Included => (Sessions, TopUps) switch
    {
        (true, true) => "connected sessions and daily top-ups",
        (true, false) => "connected sessions",
        _ => "daily top-ups",
    };

    /// <summary>Without what was searched for: a text names clients and illnesses, and the audit keeps it for good.</summary>
    public string AuditDetails => $"{Included}, {(this with { Rows = Rows.Audited }).Query()}{(Rows.Text is null ? "" : ", searched for a text")}";

    /// <summary>Whether a condition is found among the names and not in the database.</summary>
    internal bool SearchesNames => Rows.Text is not null || (ForAccountant && Rows.Client is not null);

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
        Columns.Text is { } columns ? $"columns={columns}" : null,
    }.OfType<string>().Concat(Rows.Parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}")));
}

/// <summary>All conditions must hold. People are identified by their own ids, devices by their ten digits.</summary>
/// <param name="Client">The code in an accountant's copy; <see cref="NoClient"/> for shared cards.</param>
/// <param name="Program">Its row, or its name where that was asked for before addresses had rows: see <see cref="ProgramKey"/>.</param>
/// <param name="Text">Contained in a name, a device's id or note, or the event's id, by the rules of <see cref="NameSearch"/>.</param>
public sealed record RowFilter(string? Staff, string? Client, string? Program, string? Device, DateOnly? From, DateOnly? To, string? Text)
{
    /// <summary>The value of client= for shared cards.</summary>
    public const string NoClient = "-";

    public const string NoClientLabel = "Nobody (shared cards)";

    public static RowFilter None { get; } = new(null, null, null, null, null, null, null);

    /// <summary>Without what names a client or an illness.</summary>
    public RowFilter Audited => this with { Text = null, Program = ProgramKey.RowOf(Program) is null ? null : Program };

    public IEnumerable<(string Name, string Value)> Parameters => new[]
    {
        ("staff", Staff), ("client", Client), ("program", Program), ("device", Device), ("from", Day(From)), ("to", Day(To)), ("q", Text),
    }.Where(parameter => parameter.Item2 is not null)!;

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal static class AppliedFilters
{
    /// <param name="names">Null where the rows are not filtered.</param>
    public static IReadOnlyList<AppliedFilter> Of(ReportFilter filter, NameDictionary? names)
    {
        var rows = filter.Rows;
        ReportFilter With(RowFilter kept) => filter with { Rows = kept };
        return [.. new (string Label, string? Value, ReportFilter Without)[]
        {
            ("Staff member", rows.Staff is { } staff ? names?.Latest(NameKind.Staff, staff) ?? staff : null, With(rows with { Staff = null })),
            ("Client", rows.Client is { } client ? ClientOf(filter, client, names) : null, With(rows with { Client = null })),
            ("Program", rows.Program is { } program ? names?.Latest(NameKind.Program, program) ?? program : null, With(rows with { Program = null })),
            ("Device", rows.Device, With(rows with { Device = null })),
            ("From", rows.From is { } from ? Display.Day(from) : null, With(rows with { From = null })),
            ("To", rows.To is { } to ? Display.Day(to) : null, With(rows with { To = null })),
            ("Text", rows.Text, With(rows with { Text = null })),
            ("Grouped by", filter.GroupBy is { } by ? by.Label().ToLowerInvariant() + (filter.SubtotalsOnly ? ", subtotals only" : "") : null, filter with { GroupBy = null, SubtotalsOnly = false, NewPages = false }),
            ("Sorted by", filter.Sort == UsageSort.Default ? null : string.Join(", ", filter.Sort.Keys.Select(Order)), filter with { Sort = UsageSort.Default }),
        }.Where(criterion => criterion.Value is not null).Select(criterion => new AppliedFilter(criterion.Label, criterion.Value!, criterion.Without))];
    }

    /// <summary>A copy without names contains no ids either.</summary>
    private static string ClientOf(ReportFilter filter, string client, NameDictionary? names) =>
        client == RowFilter.NoClient ? "nobody (shared cards)" : names?.Latest(NameKind.Client, client) ?? (filter.ForAccountant ? "unknown" : client);

    private static string Order(UsageSort key) => UsageColumns.HeadingOf(key.Column) + (key.Descending ? ", descending" : "");
}

/// <param name="Without">The same report without it.</param>
public sealed record AppliedFilter(string Label, string Value, ReportFilter Without);
