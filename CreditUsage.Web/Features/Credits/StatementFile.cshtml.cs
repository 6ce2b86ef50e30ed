using CreditUsage.Domain.Auditing;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Credits;

/// <summary>The statement as a PDF. The page itself only shows errors.</summary>
public sealed class StatementFileModel(CreditLedger ledger, MakeStatementPdf makePdf, AuditReads reads) : PageModel
{
    public string Problem { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        var filter = StatementInput.From(Request.Query).Validate(await ledger.MonthsAsync(cancellation), out var faults);
        if (filter is null) return Refused(StatusCodes.Status422UnprocessableEntity, faults[0].Message);
        try
        {
            var file = await makePdf.RunAsync(filter, User.Identity!.Name!, cancellation);
            Response.RegisterForDispose(file);
            reads.Note(AuditAction.Export, filter.Month.Name, filter.Audited("PDF"));
            return PhysicalFile(file.Path, "application/pdf", filter.FileName("pdf"));
        }
        catch (UntrustedDataException problem)
        {
            return Refused(problem.Status, problem.Message);
        }
        catch (UserFacingException problem)
        {
            return Refused(StatusCodes.Status503ServiceUnavailable, problem.Message);
        }
    }

    private PageResult Refused(int status, string problem)
    {
        (Response.StatusCode, Problem) = (status, problem);
        return Page();
    }
}
