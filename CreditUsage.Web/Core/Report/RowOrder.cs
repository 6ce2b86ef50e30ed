namespace CreditUsage.Core.Report;

/// <summary>Sorts rows in memory and not in the database, so that Åsa stands beside Asa and Zoë beside Zoe on every engine.</summary>
internal static class RowOrder
{
    public static List<UsageRow> By(List<UsageRow> rows, UsageSort sort, UsageGroups? groups)
    {
        var sorted = By(rows, sort);
        return groups is null ? sorted : [.. sorted.GroupBy(groups.Of).OrderBy(group => group.Key.Number).SelectMany(group => group.Select((row, place) => row with { Group = group.Key, PlaceInGroup = place + 1 }))];
    }

    private static List<UsageRow> By(List<UsageRow> rows, UsageSort sort) => sort switch
    {
        { Column: UsageColumn.Date, Then: null } => sort.Descending ? Enumerable.Reverse(rows).ToList() : rows,
        // Sorting is stable, so the last key comes first.
        _ => sort.Keys.Reverse().Aggregate(rows, ByOne),
    };

    private static List<UsageRow> ByOne(List<UsageRow> rows, UsageSort key) => key.Column switch
    {
        UsageColumn.Date => Sorted(rows, key, row => (row.ServiceDate, row.OccurredAt)),
        UsageColumn.Kind => Sorted(rows, key, row => row.Kind),
        UsageColumn.Staff => Sorted(rows, key, row => row.Staff, Names),
        UsageColumn.Client => Sorted(rows, key, row => row.ClientOrCard, Names),
        UsageColumn.Program => Sorted(rows, key, row => row.Program, Names),
        UsageColumn.Duration => Sorted(rows, key, row => row.DurationMinutes ?? int.MaxValue),
        UsageColumn.Credits => Sorted(rows, key, row => row.Credits),
        _ => Sorted(rows, key, row => row.CostPence ?? long.MinValue),
    };

    private static readonly StringComparer Names = StringComparer.Create(Display.British, ignoreCase: true);

    private static List<UsageRow> Sorted<TKey>(List<UsageRow> rows, UsageSort sort, Func<UsageRow, TKey> key, IComparer<TKey>? comparer = null) =>
        (sort.Descending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer)).ToList();
}
