using System.Globalization;
using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>The month that a page of figures is asked for, by year= and month= as the report has them; the last complete one where neither is there.</summary>
/// <param name="Year">As it was asked for.</param>
/// <param name="Month">As it was asked for.</param>
/// <param name="Filter">The whole month; null where there is no such month.</param>
/// <param name="Faults">What is wrong with it.</param>
public sealed record MonthInput(string Year, string Month, ReportableMonths Months, ReportFilter? Filter, IReadOnlyList<Problem> Faults)
{
    public static MonthInput Of(IQueryCollection query, ReportableMonths months)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(months);
        var (year, month) = query.ContainsKey("year") || query.ContainsKey("month")
            ? ((string?)query["year"] ?? "", (string?)query["month"] ?? "")
            : (months.Default.Year.ToString(CultureInfo.InvariantCulture), months.Default.Month.ToString(CultureInfo.InvariantCulture));
        var faults = new List<Problem>();
        var asked = RequestedMonth.Read(year, month, months, faults);
        return new MonthInput(year, month, months, faults.Count > 0 ? null : ReportFilter.Whole(asked), faults);
    }

    /// <summary>What is wrong with a field; null where nothing is.</summary>
    public string? FaultOf(string field) => Faults.FirstOrDefault(fault => fault.Field == field)?.Message;
}

/// <summary>The month that an address asks for by year= and month=.</summary>
public static class RequestedMonth
{
    private const int LastYear = 9998;

    /// <summary>The month. Where there is none that can be asked for, what is wrong is added to the problems and the answer means nothing.</summary>
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

/// <summary>How an address names a month, for the pages that lead to it.</summary>
public static class MonthAddress
{
    /// <summary>"?year=2026&amp;month=10".</summary>
    public static string Query(UsageMonth month) => string.Create(CultureInfo.InvariantCulture, $"?year={month.Year}&month={month.Month}");

    /// <summary>The query string of its whole report: "?year=2026&amp;month=10&amp;sessions=true&amp;topUps=true".</summary>
    public static string WholeQuery(UsageMonth month) => $"{Query(month)}&sessions=true&topUps=true";

    /// <summary>Its whole report.</summary>
    public static string Report(UsageMonth month) => $"/usage-report{WholeQuery(month)}";
}
