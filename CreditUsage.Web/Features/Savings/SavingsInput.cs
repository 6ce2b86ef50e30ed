using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Shared;

namespace CreditUsage.Features.Savings;

/// <summary>What is looked for, as the query string has it.</summary>
/// <param name="Days">As it was asked for.</param>
/// <param name="ValidDays">How long without a session is idle; 0 where that is no number of days.</param>
/// <param name="List">The list that is on a further page; null where none is.</param>
/// <param name="Page">The page that it is on.</param>
/// <param name="Faults">What is wrong with any of it.</param>
public sealed record SavingsInput(MonthInput Choice, string Days, int ValidDays, string? List, int Page, IReadOnlyList<Problem> Faults)
{
    private const int MaxDays = 3650;
    private const string UsualDays = "60";

    /// <summary>The address of the page as it is asked for, with the list that is on a further page. Only where nothing is wrong.</summary>
    public string Address => Whole + ListPart.QueryOf(List, Page);

    private string Whole => string.Create(CultureInfo.InvariantCulture, $"/usage-report/money-found{MonthAddress.Query(Choice.Filter!.Month)}&days={ValidDays}");

    /// <summary>The part of a list that is shown.</summary>
    /// <param name="list">Its word.</param>
    /// <param name="count">Of the whole list.</param>
    public ListPart Part(string list, int count) => new(list, ListPart.Within(list == List ? Page : 1, count), count, Whole);

    public static SavingsInput Of(IQueryCollection query, ReportableMonths months)
    {
        ArgumentNullException.ThrowIfNull(query);
        var choice = MonthInput.Of(query, months);
        var typed = (string?)query["days"] ?? UsualDays;
        var days = WholeNumber.Read(typed, MaxDays);
        return new(choice, typed, days ?? 0, query["list"], ListPage.Asked(query), days is not null ? choice.Faults : [.. choice.Faults, new("days", $"Enter the days without a session, from 1 to {Display.Number(MaxDays)}.")]);
    }
}

/// <summary>The part of a list that a page shows. One of the lists can be on a further page, the others are on their first.</summary>
/// <param name="List">The list's word, in the address and as its place on the page.</param>
/// <param name="Page">From 1.</param>
/// <param name="Count">Of the whole list.</param>
/// <param name="Address">Of the page itself, without a list.</param>
public sealed record ListPart(string List, int Page, int Count, string Address)
{
    /// <summary>Rows of a list that are shown at once.</summary>
    public const int MaxRows = 50;

    public int First => Count == 0 ? 0 : ((Page - 1) * MaxRows) + 1;

    public int Last => Math.Min(Count, Page * MaxRows);

    public string? Previous => Page > 1 ? At(Page - 1) : null;

    public string? Next => Last < Count ? At(Page + 1) : null;

    public IEnumerable<T> Of<T>(IEnumerable<T> whole) => whole.Skip((Page - 1) * MaxRows).Take(MaxRows);

    /// <summary>"&amp;list=idle&amp;page=2"; empty for the first page.</summary>
    public static string QueryOf(string? list, int page) => list is null || page == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"&list={Uri.EscapeDataString(list)}&page={page}");

    /// <summary>The number that was asked for, or the last there is: what is dismissed may leave the last page empty.</summary>
    public static int Within(int asked, int count) => Math.Clamp(asked, 1, Math.Max(1, (count + MaxRows - 1) / MaxRows));

    private string At(int page) => $"{Address}{QueryOf(List, page)}#{List}";
}
