using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace CreditUsage.Features.SavedReports;

/// <summary>One saved report, to view or download. The page itself only shows why it is missing.</summary>
public sealed class FileModel(CreditUsageDb db, ReportFiles files, AuditReads reads) : PageModel
{
    public string Problem { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(Guid id, string? how, CancellationToken cancellation)
    {
        if (await db.SavedReports.AsNoTracking().SingleOrDefaultAsync(report => report.Id == id, cancellation) is not { } saved) return NotFound();
        if (saved.RemovedAt is { } removed) return Refused(StatusCodes.Status410Gone, $"The file of {saved.Label} was removed on {Display.Moment(removed)} {saved.RemovedBecause}. You can still verify a copy.");
        try
        {
            var content = await files.OpenAsync(saved.Sha256, cancellation);
            var disposition = new ContentDispositionHeaderValue(how is null ? "inline" : "attachment");
            disposition.SetHttpFileName(saved.FileName);
            Response.Headers.ContentDisposition = disposition.ToString();
            reads.Note(how is null ? AuditAction.View : AuditAction.Export, UsageMonth.Of(saved.MonthStart).Name, $"Saved report {saved.Id}");
            return File(content, "application/pdf");
        }
        catch (UserFacingException problem)
        {
            return Refused(StatusCodes.Status500InternalServerError, problem.Message);
        }
    }

    private PageResult Refused(int status, string problem)
    {
        (Response.StatusCode, Problem) = (status, problem);
        return Page();
    }
}
