using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>The columns of the report, in order. Their lower-case names stand in URLs and in data-column.</summary>
public enum UsageColumn
{
    Date,
    Kind,
    Staff,
    Client,
    Program,
    Duration,
    Credits,
    Cost,
}
