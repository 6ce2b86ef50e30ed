namespace CreditUsage.Core.Report;

internal static class AppliedFilters
{
    /// <param name="names">Null where the rows are not filtered.</param>
    public static IReadOnlyList<AppliedFilter> Of(ReportFilter filter, NameDictionary? names)
    {
        var rows = filter.Rows;
        return [.. new (string Label, string? Value)[]
        {
            ("Staff member", rows.Staff is { } staff ? names?.Latest(NameKind.Staff, staff) ?? staff : null),
            ("Client", rows.Client is { } client ? ClientOf(filter, client, names) : null),
            ("Program", rows.Program),
            ("Device", rows.Device),
            ("From", rows.From is { } from ? Display.Day(from) : null),
            ("To", rows.To is { } to ? Display.Day(to) : null),
            ("Text", rows.Text),
            ("Grouped by", filter.GroupBy is { } by ? by.Label().ToLowerInvariant() + (filter.SubtotalsOnly ? ", subtotals only" : "") : null),
            ("In the order of", filter.Sort == UsageSort.Default ? null : string.Join(", ", filter.Sort.Keys.Select(Order))),
        }.Where(criterion => criterion.Value is not null).Select(criterion => new AppliedFilter(criterion.Label, criterion.Value!))];
    }

    /// <summary>A copy without names contains no ids either.</summary>
    private static string ClientOf(ReportFilter filter, string client, NameDictionary? names) =>
        client == RowFilter.NoClient ? "nobody (shared cards)" : names?.Latest(NameKind.Client, client) ?? (filter.ForAccountant ? "unknown" : client);

    private static string Order(UsageSort key) => UsageColumns.HeadingOf(key.Column) + (key.Descending ? ", descending" : "");
}

public sealed record AppliedFilter(string Label, string Value);
