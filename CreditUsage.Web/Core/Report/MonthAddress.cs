using System.Globalization;
using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

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
