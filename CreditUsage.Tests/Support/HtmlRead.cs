using AngleSharp.Dom;

namespace CreditUsage.Tests.Support;

/// <summary>The marks that outside checks rely on, read from a page.</summary>
public static class HtmlRead
{
    public static IReadOnlyList<string> EventIds(this IParentNode page) => [.. page.QuerySelectorAll("tr[data-event-id]").Select(row => row.GetAttribute("data-event-id")!)];

    /// <summary>The text of a column, row by row; columns are numbered from 0.</summary>
    public static IReadOnlyList<string> Column(this IParentNode page, int column) =>
        [.. page.QuerySelectorAll("tr[data-event-id]").Select(row => row.Children[column].TextContent)];

    public static (string? Events, string? Credits, string? CostPence) Total(this IParentNode page, string mark)
    {
        var row = page.QuerySelector($"tfoot tr[data-total={mark}]");
        return (row?.GetAttribute("data-events"), row?.GetAttribute("data-credits"), row?.GetAttribute("data-cost-pence"));
    }
}
