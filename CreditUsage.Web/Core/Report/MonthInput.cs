using System.Globalization;
using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>The month of a page, from year= and month= as in the report; the last complete month where both are missing.</summary>
/// <param name="Filter">The whole month; null where there is no such month.</param>
public sealed record MonthInput(string Year, string Month, ReportableMonths Months, ReportFilter? Filter, IReadOnlyList<Problem> Faults)
{
    public static MonthInput Of(IQueryCollection query, ReportableMonths months)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(months);
        var (year, month) = query.ContainsKey("year") || query.ContainsKey("month") ? RequestedMonth.Fields(query)
            : (months.Default.Year.ToString(CultureInfo.InvariantCulture), months.Default.Month.ToString(CultureInfo.InvariantCulture));
        var faults = new List<Problem>();
        var asked = RequestedMonth.Read(year, month, months, faults);
        return new MonthInput(year ?? "", month ?? "", months, faults.Count > 0 ? null : ReportFilter.Whole(asked), faults);
    }

    public string? FaultOf(string field) => Faults.FirstOrDefault(fault => fault.Field == field)?.Message;
}

public static class RequestedMonth
{
    private const int LastYear = 9998;

    /// <summary>year= and month=, or both of month=2026-10 where there is no year=.</summary>
    public static (string? Year, string? Month) Fields(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (year, month) = ((string?)query["year"], (string?)query["month"]);
        return year is null && UsageMonth.TryParse(month, out var whole) ? (whole.Year.ToString(CultureInfo.InvariantCulture), whole.Month.ToString(CultureInfo.InvariantCulture)) : (year, month);
    }

    /// <summary>The requested month. Where it is invalid, a problem is added and the result means nothing.</summary>
    public static UsageMonth Read(string? year, string? month, ReportableMonths months, ICollection<Problem> problems)
    {
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(problems);
        var (inYear, number) = (WholeNumber.Read(year, LastYear), WholeNumber.Read(month, 12));
        if (number is null) problems.Add(new("month", "Choose a month from January to December."));
        if (inYear is null) problems.Add(new("year", $"Choose a year from {months.First.Year} to {months.Current.Year}."));
        if (number is null || inYear is null) return default;
        var asked = new UsageMonth(inYear.Value, number.Value);
        if (months.Refusal(asked) is { } refusal) problems.Add(new("month", refusal));
        return asked;
    }
}

public static class MonthAddress
{
    public static string Query(UsageMonth month) => string.Create(CultureInfo.InvariantCulture, $"?year={month.Year}&month={month.Month}");

    /// <summary>The query string of its whole report: "?year=2026&amp;month=10&amp;sessions=true&amp;topUps=true".</summary>
    public static string WholeQuery(UsageMonth month) => $"{Query(month)}&sessions=true&topUps=true";

    public static string Report(UsageMonth month) => $"/usage-report{WholeQuery(month)}";
}
