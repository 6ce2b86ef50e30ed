namespace CreditUsage.Domain.Reports;

/// <summary>What kind of paper a saved report is. The numbers are stored: they never change.</summary>
public enum ReportForm
{
    /// <summary>The month's rows and totals.</summary>
    Month = 1,

    /// <summary>The month with a group of pages for each who is billed for it.</summary>
    Billback = 2,
}
