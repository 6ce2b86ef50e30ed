using CreditUsage.Core.Report;

namespace CreditUsage.Features.Explain;

/// <summary>How a total comes about: its events by their price, and some of its rows.</summary>
/// <param name="Prices">By price, the dearest first; events that stated their own cost, and those without one, last.</param>
public sealed record ExplainedTotal(CreditUsageReport Report, IReadOnlyList<UsageAtPrice> Prices, UsagePage Rows, int Page)
{
    /// <summary>"October 2026 - connected sessions".</summary>
    public string Of => $"{Report.MonthShown} - {Report.Filter.Included}";
}
