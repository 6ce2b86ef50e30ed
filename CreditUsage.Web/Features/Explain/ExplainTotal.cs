using CreditUsage.Core.Report;

namespace CreditUsage.Features.Explain;

public sealed class ExplainTotal(ReportQuery query)
{
    /// <param name="filter">Valid and without groups.</param>
    /// <param name="position">The first row.</param>
    public async Task<ExplainedTotal> RunAsync(ReportFilter filter, UsagePosition position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(position);
        var report = await query.OpenAsync(filter, cancellation);
        var prices = await report.PricesAsync(cancellation);
        return new ExplainedTotal(report, [.. prices.OrderByDescending(price => price.Micros ?? -1)], await report.PageAsync(position, cancellation), position.Page);
    }
}

/// <param name="Prices">The highest first; stated costs and missing ones last.</param>
public sealed record ExplainedTotal(CreditUsageReport Report, IReadOnlyList<UsageAtPrice> Prices, UsagePage Rows, int Page)
{
    public string Of => $"{Report.MonthAndState} - {Report.Filter.Included}";
}
