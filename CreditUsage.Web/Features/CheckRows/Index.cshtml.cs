using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.CheckRows;

/// <summary>Checks every event of a month against its minutes and the prices.</summary>
public sealed class IndexModel(ReportQuery months, VerifyMonth verify, AuditReads reads) : PageModel
{
    public MonthInput Choice { get; private set; } = null!;

    public VerifiedMonth? Verified { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        Choice = MonthInput.Of(Request.Query, await months.MonthsAsync(cancellation));
        if (Choice.Filter is not { } filter)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return;
        }
        Verified = await verify.RunAsync(filter, cancellation);
        reads.Note(AuditAction.View, filter.Month.Name, $"Rows verified: {Verified.Sentence}");
    }
}
