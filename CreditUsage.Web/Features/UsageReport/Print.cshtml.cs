using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Core.Report.Charts;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.UsageReport;

public sealed class PrintModel(ReportQuery query, AuditReads reads) : PageModel
{
    /// <summary>Null when the query string was wrong.</summary>
    public PrintDocument? Document { get; private set; }

    public string Problem { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        var input = ReportInput.From(Request.Query);
        if (input.Validate(await query.MonthsAsync(cancellation), out _, out var faults) is not { } filter)
        {
            (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, faults[0].Message);
            return Page();
        }
        var report = await query.OpenAsync(filter, cancellation);
        reads.Note(AuditAction.View, filter.Month.Name, $"Print of {filter.AuditDetails}");
        Document = new PrintDocument(report, report.RowsAsync(cancellation), User.Identity!.Name!) { Sheet = await DrawCharts.SheetAsync(report, cancellation) };
        return Page();
    }
}
