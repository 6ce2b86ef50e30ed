using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Explain;

public sealed class IndexModel(ReportQuery query, ExplainTotal explain, AuditReads reads) : PageModel
{
    public ExplainedTotal? Total { get; private set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        var filter = ReportInput.From(Request.Query).Validate(await query.MonthsAsync(cancellation), out var position, out var faults);
        if (filter is not null) Total = await explain.RunAsync(filter.Ungrouped, position with { AfterEventId = null }, cancellation);
        if (Total is { Page: > 1, Rows.Rows.Count: 0 }) (Total, faults) = (null, [ReportInput.NoSuchPage]);
        if (Total is null) (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, faults[0].Message);
        else reads.Note(AuditAction.View, filter!.Month.Name, $"How a total comes about: {filter.AuditDetails}");
        return Page();
    }
}

public sealed class ExplainTotal(ReportQuery query)
{
    /// <param name="filter">Valid and without groups.</param>
    public async Task<ExplainedTotal> RunAsync(ReportFilter filter, UsagePosition position, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(position);
        var report = await query.OpenOnScreenAsync(filter, cancellation);
        var prices = await report.PricesAsync(cancellation);
        return new ExplainedTotal(report, [.. prices.OrderByDescending(price => price.Micros ?? -1)], await report.PageAsync(position, cancellation), position.Page);
    }
}

/// <param name="Prices">The highest first; stated costs and missing ones last.</param>
public sealed record ExplainedTotal(CreditUsageReport Report, IReadOnlyList<UsageAtPrice> Prices, UsagePage Rows, int Page)
{
    public string Of => $"{Report.MonthAndState} - {Report.Filter.Included}";
}
