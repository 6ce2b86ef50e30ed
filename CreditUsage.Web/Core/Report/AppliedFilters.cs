namespace CreditUsage.Core.Report;

/// <summary>What a report was narrowed to and how it is put, as page, paper and files tell it.</summary>
internal static class AppliedFilters
{
    /// <param name="names">Null where nothing is narrowed to a name.</param>
    public static IReadOnlyList<AppliedFilter> Of(ReportFilter filter, NameDictionary? names)
    {
        var narrowed = filter.Narrowed;
        return [.. new (string Label, string? Value)[]
        {
            ("Staff member", narrowed.Staff is { } staff ? names?.Latest(NameKind.Staff, staff) ?? staff : null),
            ("Client", narrowed.Client is { } client ? ClientOf(filter, client, names) : null),
            ("Program", narrowed.Program),
            ("Device", narrowed.Device),
            ("From", narrowed.From is { } from ? Display.Day(from) : null),
            ("To", narrowed.To is { } to ? Display.Day(to) : null),
            ("Text", narrowed.Text),
            ("Grouped by", filter.GroupBy is { } by ? by.Label().ToLowerInvariant() + (filter.SubtotalsOnly ? ", subtotals only" : "") : null),
            ("In the order of", filter.Sort == UsageSort.Default ? null : string.Join(", ", filter.Sort.Keys.Select(Order))),
        }.Where(criterion => criterion.Value is not null).Select(criterion => new AppliedFilter(criterion.Label, criterion.Value!))];
    }

    /// <summary>A copy that keeps names back says no id of theirs either.</summary>
    private static string ClientOf(ReportFilter filter, string client, NameDictionary? names) =>
        client == RowFilter.NoClient ? "nobody (shared cards)" : names?.Latest(NameKind.Client, client) ?? (filter.ForAccountant ? "unknown" : client);

    private static string Order(UsageSort key) => TableHeader.HeadingOf(key.Column) + (key.Descending ? ", descending" : "");
}

/// <summary>One thing that a report is narrowed to, or put in order by, in words: "Staff member", "Dr Jane Smith".</summary>
public sealed record AppliedFilter(string Label, string Value);
