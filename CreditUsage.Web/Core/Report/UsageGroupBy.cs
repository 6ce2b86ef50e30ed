using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>What the rows of a report are put together by. The lower-case names stand in URLs.</summary>
public enum UsageGroupBy
{
    Day,
    Week,
    Staff,
    Client,
    Program,
    Device,
    Kind,
}
