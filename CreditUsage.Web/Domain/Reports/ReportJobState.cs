namespace CreditUsage.Domain.Reports;

/// <summary>Where a report that is made in the background stands. The numbers are stored: they never change.</summary>
public enum ReportJobState
{
    Queued = 1,
    Running = 2,
    Done = 3,
    Failed = 4,
    Cancelled = 5,
}
