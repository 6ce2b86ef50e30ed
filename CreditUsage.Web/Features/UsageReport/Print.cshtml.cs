using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.UsageReport;

/// <summary>The whole month for the browser's own print.</summary>
public sealed class PrintModel(UsageReportQuery query) : PageModel
{
    public PrintDocument Document { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        var input = UsageReportInput.From(Request.Query);
        if (input.Validate(await query.MonthsAsync(cancellation), out _, out var faults) is not { } filter)
            return new ContentResult { StatusCode = StatusCodes.Status422UnprocessableEntity, Content = faults[0].Message, ContentType = "text/plain; charset=utf-8" };
        var report = await query.RunAsync(filter, cancellation);
        Document = new PrintDocument(report, query.RowsAsync(filter, cancellation), User.Identity!.Name!);
        return Page();
    }
}
