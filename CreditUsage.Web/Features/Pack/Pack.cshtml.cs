using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Pack;

/// <summary>The month's pack. The page itself only shows what went wrong, or what must be made first.</summary>
public sealed class PackModel(ReportQuery query, GeneratePack generatePack, IAuthorizationService authorization, AuditReads reads) : PageModel
{
    public string Problem { get; private set; } = "";

    /// <summary>Null when the query string was wrong.</summary>
    public ReportFilter? Filter { get; private set; }

    /// <summary>The month is long, and its PDF must be made first.</summary>
    public bool Waits { get; private set; }

    public bool MayChange { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Filter = ReportInput.From(Request.Query).Validate(await query.MonthsAsync(cancellation), out _, out var faults);
        if (Filter is null) return Refused(StatusCodes.Status422UnprocessableEntity, faults[0].Message);
        try
        {
            var mayAudit = (await authorization.AuthorizeAsync(User, Roles.MayAudit)).Succeeded;
            if (await generatePack.RunAsync(Filter, User.Identity!.Name!, mayAudit, cancellation) is not { } made) return await WaitingAsync();
            Response.RegisterForDispose(made);
            reads.Note(AuditAction.Export, Filter.Month.Name, $"Pack of {Filter.AuditDetails}");
            return PhysicalFile(made.Path, "application/zip", Filter.FileName("zip", "Pack"));
        }
        catch (UserFacingException problem)
        {
            return Refused(StatusCodes.Status503ServiceUnavailable, problem.Message);
        }
    }

    private async Task<PageResult> WaitingAsync()
    {
        (Waits, MayChange) = (true, (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded);
        return Refused(StatusCodes.Status409Conflict, $"{Filter!.Month.Name} is a long month, so generate its PDF first. The pack then includes it.");
    }

    private PageResult Refused(int status, string problem)
    {
        (Response.StatusCode, Problem) = (status, problem);
        return Page();
    }
}
