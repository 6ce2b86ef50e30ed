namespace CreditUsage.Core.Report;

/// <param name="Value">As paper and files say it.</param>
/// <param name="Without">The same report without it.</param>
public sealed record AppliedFilter(string Label, string Value, ReportFilter Without)
{
    public string ShortLabel => Label == NameKind.Staff.Label() ? "Staff" : Label;

    /// <summary>As the page says it: with the id where somebody else has the same name.</summary>
    public string Title { get; init; } = Value;
}

internal static class AppliedFilters
{
    /// <summary>What the names of one filter may take of a line on paper.</summary>
    private const int MaxCharacters = 400;

    /// <param name="names">Null where the rows are not filtered.</param>
    public static IReadOnlyList<AppliedFilter> Of(ReportFilter filter, NameDictionary? names)
    {
        var rows = filter.Rows;
        ReportFilter With(RowFilter kept) => filter with { Rows = kept };
        var rest = new (string Label, string? Value, ReportFilter Without)[]
        {
            ("From", rows.From is { } from ? Display.Day(from) : null, With(rows with { From = null })),
            ("To", rows.To is { } to ? Display.Day(to) : null, With(rows with { To = null })),
            ("Text", filter.Edition is { Names: var anonymous } ? anonymous.Sought(rows.Text) : rows.Text, With(rows with { Text = null })),
            ("Grouped by", filter.GroupBy is { } by ? by.Label().ToLowerInvariant() + (filter.SubtotalsOnly ? ", subtotals only" : "") : null, filter with { GroupBy = null, SubtotalsOnly = false, NewPages = false }),
            ("Sorted by", filter.Sort == UsageSort.Default ? null : string.Join(", ", filter.Sort.Keys.Select(Order)), filter with { Sort = UsageSort.Default }),
        };
        return [.. NameKindLabels.All.SelectMany(kind => Names(filter, kind, names)), .. rest.Where(criterion => criterion.Value is not null).Select(criterion => new AppliedFilter(criterion.Label, criterion.Value!, criterion.Without))];
    }

    /// <summary>"Staff member: Dr Jane Smith or Jo King; Grouped by: client".</summary>
    public static string Text(IEnumerable<AppliedFilter> applied) =>
        string.Join("; ", applied.GroupBy(one => one.Label, StringComparer.Ordinal).Select(same => $"{same.Key}: {AnyOf([.. same.Select(one => one.Value)])}"));

    private static string AnyOf(IReadOnlyList<string> values)
    {
        var (shown, length) = (1, values[0].Length);
        while (shown < values.Count && (length += values[shown].Length) <= MaxCharacters) shown++;
        var others = values.Count - shown;
        return string.Join(" or ", [.. values.Take(shown), .. others == 0 ? Array.Empty<string>() : [Display.Count(others, "other", "others")]]);
    }

    private static IEnumerable<AppliedFilter> Names(ReportFilter filter, NameKind kind, NameDictionary? names)
    {
        var titles = filter.Rows.Of(kind).Select(value => kind == NameKind.Client && filter is { ForAccountant: false, Edition: { } edition } ? edition.Names.KeyOf(value) : value)
            .Select(value => (Value: value, Title: TitleOf(filter, kind, value, names))).ToList();
        if (titles.Count == 0) return [];
        var (chosen, everybody) = (Namesakes.Of(filter, titles.Select(one => one.Title)), Namesakes.Of(filter, names?.Latest(kind) ?? []));
        return titles.OrderBy(one => one.Title, FilterChoices.Order).Select(one =>
            new AppliedFilter(kind.Label(), chosen.Title(one.Title, one.Value), filter with { Rows = filter.Rows.Without(kind, one.Value) }) { Title = everybody.Title(one.Title, one.Value) });
    }

    /// <summary>A copy without names contains no ids either.</summary>
    private static string TitleOf(ReportFilter filter, NameKind kind, string value, NameDictionary? names) => kind switch
    {
        NameKind.Device => value,
        NameKind.Client when value == RowFilter.NoClient => "nobody (shared cards)",
        NameKind.Client when filter.ForAccountant => names?.Latest(kind, value) ?? "unknown",
        _ => names?.Latest(kind, value) ?? value,
    };

    private static string Order(UsageSort key) => UsageColumns.HeadingOf(key.Column) + (key.Descending ? ", descending" : "");
}
