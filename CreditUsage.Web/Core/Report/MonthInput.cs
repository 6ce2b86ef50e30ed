using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <summary>The month that a page of figures is asked for, by year= and month= as the report has them; the last complete one where neither is there.</summary>
/// <param name="Year">As it was asked for.</param>
/// <param name="Month">As it was asked for.</param>
/// <param name="Filter">The whole month; null where there is no such month.</param>
/// <param name="Faults">What is wrong with it.</param>
public sealed record MonthChoice(string Year, string Month, ReportableMonths Months, UsageReportFilter? Filter, IReadOnlyList<Problem> Faults)
{
    public static MonthChoice Of(IQueryCollection query, ReportableMonths months)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(months);
        var (year, month) = query.ContainsKey("year") || query.ContainsKey("month")
            ? ((string?)query["year"] ?? "", (string?)query["month"] ?? "")
            : (months.Default.Year.ToString(System.Globalization.CultureInfo.InvariantCulture), months.Default.Month.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var filter = new UsageReportInput(Asked: true, year, month, "true", "true", null, null, null, null, UsageShapeInput.Of(QueryCollection.Empty)).Validate(months, out _, out var faults);
        return new MonthChoice(year, month, months, filter, faults);
    }

    /// <summary>What is wrong with a field; null where nothing is.</summary>
    public string? FaultOf(string field) => Faults.FirstOrDefault(fault => fault.Field == field)?.Message;
}
