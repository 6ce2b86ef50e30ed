using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Months;

/// <summary>The stored rows and totals of a closed month, byte for byte. The page itself only shows why they are missing.</summary>
public sealed class RowsModel(CreditUsageDb db, ReportFiles files, AuditReads audit) : PageModel
{
    public string Problem { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(string month, int version, CancellationToken cancellation)
    {
        if (!UsageMonth.TryParse(month, out var of)) return NotFound();
        if (await db.MonthClosings.AsNoTracking().SingleOrDefaultAsync(closing => closing.Month == of && closing.Version == version, cancellation) is not { } closing) return NotFound();
        try
        {
            audit.Note(AuditAction.Export, of.Name, $"Rows and totals of version {version}");
            return File(await files.OpenAsync(closing.RowsSha256, cancellation, MonthClosing.RowsExtension), "application/json", $"Credit Usage {of} v{version}.json");
        }
        catch (UserFacingException problem)
        {
            (Problem, Response.StatusCode) = (problem.Message, StatusCodes.Status500InternalServerError);
            return Page();
        }
    }
}
