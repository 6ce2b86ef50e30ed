using CreditUsage.Core.Jobs;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using CreditUsage.Platform.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.UsageReport;

/// <summary>The month as a PDF: GET stores nothing, POST saves it, a long month in the background. The page itself only shows what went wrong.</summary>
public sealed class PdfModel(
    ReportQuery query, GeneratePdf generatePdf, SaveReport saveReport, QueueReport queue, ReportFiles files, IAuthorizationService authorization, AuditReads reads, IOptions<CreditUsageOptions> options) : PageModel
{
    private const string Pdf = "application/pdf";

    public string Problem { get; private set; } = "";

    /// <summary>Null when the query string was wrong.</summary>
    public ReportFilter? Filter { get; private set; }

    public Task<IActionResult> OnGetAsync(CancellationToken cancellation) => AnswerAsync(async filter =>
    {
        var pdf = await generatePdf.RunAsync(filter, User.Identity!.Name!, seal: null, rowsDone: null, cancellation);
        Response.RegisterForDispose(pdf);
        reads.Note(AuditAction.Export, filter.Month.Name, $"PDF of {filter.AuditDetails}");
        return PhysicalFile(pdf.File.Path, Pdf, filter.FileName("pdf"));
    }, cancellation);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        return await AnswerAsync(async filter =>
        {
            if (await query.RowCountAsync(filter, cancellation) > options.Value.Reports.BackgroundRows)
                return this.SeeOther($"/usage-report/jobs/{(await queue.RunAsync(new(filter), cancellation)).Id}");
            var saved = await saveReport.RunAsync(new(filter), User.Identity!.Name!, rowsDone: null, cancellation);
            Response.Headers.ContentLocation = Request.PathBase + $"/saved-reports/{saved.Id}";
            return File(await files.OpenAsync(saved.Sha256, cancellation), Pdf, saved.FileName);
        }, cancellation);
    }

    private async Task<IActionResult> AnswerAsync(Func<ReportFilter, Task<IActionResult>> answer, CancellationToken cancellation)
    {
        Filter = ReportInput.From(Request.Query).Validate(await query.MonthsAsync(cancellation), out _, out var faults);
        if (Filter is null) return Refused(StatusCodes.Status422UnprocessableEntity, faults[0].Message);
        try
        {
            return await answer(Filter);
        }
        catch (TooManyReportsException problem)
        {
            Problem = this.TryLater(problem);
            return Page();
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
