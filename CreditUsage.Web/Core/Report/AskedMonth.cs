using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>The month that an address asks for by year= and month=.</summary>
public static class AskedMonth
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
