using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Charts;

public sealed class IndexModel(ReportQuery query, AuditReads reads) : PageModel
{
    public ReportCharts? Charts { get; private set; }

    public ChartUnit Unit { get; private set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        if (ReportInput.From(Request.Query).Validate(await query.MonthsAsync(cancellation), out _, out var faults) is not { } filter)
        {
            (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, faults[0].Message);
            return Page();
        }
        if (ChartUnits.Of(Request.Query["unit"]) is not { } unit)
        {
            (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, "Choose pounds or credits.");
            return Page();
        }
        var report = await query.OpenOnScreenAsync(filter.Ungrouped with { Sort = UsageSort.Default, Columns = UsageColumns.All }, cancellation);
        (Unit, Charts) = (unit, await DrawCharts.RunAsync(report, unit, cancellation));
        reads.Note(AuditAction.View, filter.Month.Name, $"Charts of {filter.AuditDetails}");
        return Page();
    }
}
