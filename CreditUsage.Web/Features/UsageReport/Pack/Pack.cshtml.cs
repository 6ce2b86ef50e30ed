using CreditUsage.Data.Auditing;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.UsageReport.Pack;

/// <summary>The month as one file for whoever checks it. The page itself only says what went wrong.</summary>
public sealed class PackModel(UsageReportQuery query, MakePack makePack, IAuthorizationService authorization, AuditReads reads) : PageModel
{
    public string Problem { get; private set; } = "";

    /// <summary>What the pack was wanted of; null when the query string was wrong.</summary>
    public UsageReportFilter? Filter { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Filter = UsageReportInput.From(Request.Query).Validate(await query.MonthsAsync(cancellation), out _, out var faults);
        if (Filter is null) return Refused(StatusCodes.Status422UnprocessableEntity, faults[0].Message);
        try
        {
            var mayAudit = (await authorization.AuthorizeAsync(User, Roles.MayAudit)).Succeeded;
            var made = await makePack.RunAsync(Filter, User.Identity!.Name!, mayAudit, cancellation);
            Response.RegisterForDispose(made);
            if (!HttpMethods.IsHead(Request.Method)) reads.Note(AuditAction.Export, Filter.Month.Name, $"Pack of {Filter.Audited}");
            return PhysicalFile(made.Path, "application/zip", Filter.FileName("zip", "Pack"));
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
