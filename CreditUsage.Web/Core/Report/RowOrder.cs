namespace CreditUsage.Core.Report;

/// <summary>
/// Puts rows into another order than the report's own. Done here and not by the database, so that Åsa stands beside Asa and
/// Zoë beside Zoe on every engine.
/// </summary>
internal static class RowOrder
{
    /// <param name="rows">In the report's order, which rows that are equal keep.</param>
    /// <param name="sort">The order wanted.</param>
    /// <param name="groups">Which the rows are put into, each in that order; null for a plain list.</param>
    public static List<UsageRow> By(List<UsageRow> rows, UsageSort sort, UsageGroups? groups)
    {
        var sorted = By(rows, sort);
        return groups is null ? sorted : [.. sorted.GroupBy(groups.Of).OrderBy(group => group.Key.Number).SelectMany(group => group.Select((row, place) => row with { Group = group.Key, PlaceInGroup = place + 1 }))];
    }

    private static List<UsageRow> By(List<UsageRow> rows, UsageSort sort) => sort switch
    {
        { Column: UsageColumn.Date, Then: null } => sort.Descending ? Enumerable.Reverse(rows).ToList() : rows,
        // Each pass keeps what the one before it did to rows that are equal in its own column.
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
