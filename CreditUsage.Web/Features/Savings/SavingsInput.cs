using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Core.Jobs;
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
public sealed record MoneyFoundInput(MonthChoice Choice, string Days, int ValidDays, string? List, int Page, IReadOnlyList<Problem> Faults)
{
    private const int MostDays = 3650;
    private const string UsualDays = "60";

    /// <summary>The address of the page as it is asked for, with the list that is on a further page. Only where nothing is wrong.</summary>
    public string Address => Whole + ListPart.QueryOf(List, Page);

    private string Whole => string.Create(CultureInfo.InvariantCulture, $"/usage-report/money-found{MonthAddress.Query(Choice.Filter!.Month)}&days={ValidDays}");

    /// <summary>The part of a list that is shown.</summary>
    /// <param name="list">Its word.</param>
    /// <param name="count">Of the whole list.</param>
    public ListPart Part(string list, int count) => new(list, ListPart.Within(list == List ? Page : 1, count), count, Whole);

    public static MoneyFoundInput Of(IQueryCollection query, ReportableMonths months)
    {
        ArgumentNullException.ThrowIfNull(query);
        var choice = MonthChoice.Of(query, months);
        var typed = (string?)query["days"] ?? UsualDays;
        var days = WholeNumber.Read(typed, MostDays);
        return new(choice, typed, days ?? 0, query["list"], ListPage.Asked(query), days is not null ? choice.Faults : [.. choice.Faults, new("days", $"Enter the days without a session, from 1 to {Display.Number(MostDays)}.")]);
    }
}
