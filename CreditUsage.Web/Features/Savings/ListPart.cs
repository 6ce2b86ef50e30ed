using System.Globalization;

namespace CreditUsage.Features.Savings;

/// <summary>The part of a list that a page shows. One of the lists can be on a further page, the others are on their first.</summary>
/// <param name="List">The list's word, in the address and as its place on the page.</param>
/// <param name="Page">From 1.</param>
/// <param name="Count">Of the whole list.</param>
/// <param name="Address">Of the page itself, without a list.</param>
public sealed record ListPart(string List, int Page, int Count, string Address)
{
    /// <summary>Rows of a list that are shown at once.</summary>
    public const int MostRows = 50;

    public int First => Count == 0 ? 0 : ((Page - 1) * MostRows) + 1;

    public int Last => Math.Min(Count, Page * MostRows);

    public string? Previous => Page > 1 ? At(Page - 1) : null;

    public string? Next => Last < Count ? At(Page + 1) : null;

    public IEnumerable<T> Of<T>(IEnumerable<T> whole) => whole.Skip((Page - 1) * MostRows).Take(MostRows);

    /// <summary>"&amp;list=idle&amp;page=2"; empty for the first page.</summary>
    public static string QueryOf(string? list, int page) => list is null || page == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"&list={Uri.EscapeDataString(list)}&page={page}");

    /// <summary>The number that was asked for, or the last there is: what is dismissed may leave the last page empty.</summary>
    public static int Within(int asked, int count) => Math.Clamp(asked, 1, Math.Max(1, (count + MostRows - 1) / MostRows));

    private string At(int page) => $"{Address}{QueryOf(List, page)}#{List}";
}
