using CreditUsage.Core.Report;

namespace CreditUsage.Features.Explain;

/// <summary>Says how a total of the report comes about.</summary>
public sealed class ExplainTotal(ReportQuery query)
{
    /// <param name="filter">A valid one without groups: what the total is of.</param>
    /// <param name="position">Where its rows begin.</param>
    public async Task<ExplainedTotal> RunAsync(ReportFilter filter, UsagePosition position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(position);
        var report = await query.OpenAsync(filter, cancellation);
        var prices = await report.PricesAsync(cancellation);
        return new ExplainedTotal(report, [.. prices.OrderByDescending(price => price.Micros ?? -1)], await report.PageAsync(position, cancellation), position.Page);
    }
}

/// <summary>How a total comes about: its events by their price, and some of its rows.</summary>
/// <param name="Prices">By price, the dearest first; events that stated their own cost, and those without one, last.</param>
public sealed record ExplainedTotal(CreditUsageReport Report, IReadOnlyList<UsageAtPrice> Prices, UsagePage Rows, int Page)
{
    /// <summary>"October 2026 - connected sessions".</summary>
    public string Of => $"{Report.MonthAndState} - {Report.Filter.Included}";
}
