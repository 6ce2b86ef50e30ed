using CreditUsage.Features.Shared;

namespace CreditUsage.Features.UsageReport;

/// <summary>
/// Puts rows into another order than the report's own. Done here and not by the database, so that Åsa stands beside Asa and
/// Zoë beside Zoe on every engine.
/// </summary>
internal static class UsageOrder
{
    /// <param name="rows">In the report's order, which rows that are equal keep.</param>
    /// <param name="sort">The order wanted.</param>
    public static List<UsageRow> By(List<UsageRow> rows, UsageSort sort) => sort.Column switch
    {
        UsageColumn.Date when sort.Descending => Enumerable.Reverse(rows).ToList(),
        UsageColumn.Date => rows,
        UsageColumn.Kind => Sorted(rows, sort, row => row.Kind),
        UsageColumn.Staff => Sorted(rows, sort, row => row.Staff, Names),
        UsageColumn.Client => Sorted(rows, sort, row => row.ClientShown, Names),
        UsageColumn.Program => Sorted(rows, sort, row => row.Program, Names),
        UsageColumn.Duration => Sorted(rows, sort, row => row.DurationMinutes ?? int.MaxValue),
        UsageColumn.Credits => Sorted(rows, sort, row => row.Credits),
        _ => Sorted(rows, sort, row => row.CostPence ?? long.MinValue),
    };

    private static readonly StringComparer Names = StringComparer.Create(Display.British, ignoreCase: true);

    private static List<UsageRow> Sorted<TKey>(List<UsageRow> rows, UsageSort sort, Func<UsageRow, TKey> key, IComparer<TKey>? comparer = null) =>
        (sort.Descending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer)).ToList();
}
