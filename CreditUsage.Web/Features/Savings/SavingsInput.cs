using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Shared;

namespace CreditUsage.Features.Savings;

/// <param name="ValidDays">Days without a session after which a device is idle; 0 where invalid.</param>
/// <param name="List">The list that is beyond its first page, if any.</param>
public sealed record SavingsInput(MonthInput Choice, string Days, int ValidDays, string? List, int Page, IReadOnlyList<Problem> Faults)
{
    private const int MaxDays = 3650;
    private const string UsualDays = "60";

    /// <summary>Valid only without faults.</summary>
    public string Address => Whole + ListPart.QueryOf(List, Page);

    private string Whole => string.Create(CultureInfo.InvariantCulture, $"/usage-report/money-found{MonthAddress.Query(Choice.Filter!.Month)}&days={ValidDays}");

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

/// <summary>The part of a list that a page shows. Only one of the lists can be beyond its first page.</summary>
/// <param name="List">The list's name in the address and its id on the page.</param>
/// <param name="Page">From 1.</param>
/// <param name="Address">Of the page without a list.</param>
public sealed record ListPart(string List, int Page, int Count, string Address)
{
    public const int MaxRows = 50;

    public int First => Count == 0 ? 0 : ((Page - 1) * MaxRows) + 1;

    public int Last => Math.Min(Count, Page * MaxRows);

    public string? Previous => Page > 1 ? At(Page - 1) : null;

    public string? Next => Last < Count ? At(Page + 1) : null;

    public IEnumerable<T> Of<T>(IEnumerable<T> whole) => whole.Skip((Page - 1) * MaxRows).Take(MaxRows);

    /// <summary>"&amp;list=idle&amp;page=2"; empty for the first page.</summary>
    public static string QueryOf(string? list, int page) => list is null || page == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"&list={Uri.EscapeDataString(list)}&page={page}");

    /// <summary>Clamped to the last page, which a dismissal may leave empty.</summary>
    public static int Within(int asked, int count) => Math.Clamp(asked, 1, Math.Max(1, (count + MaxRows - 1) / MaxRows));

    private string At(int page) => $"{Address}{QueryOf(List, page)}#{List}";
}
