using CreditUsage.Data;
using CreditUsage.Domain.Privacy;
using CreditUsage.Platform.Security;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>How far an anonymisation is, and what it has changed.</summary>
[Authorize(Roles.MayAudit)]
public sealed class AnonymisationModel(CreditUsageDb db) : PageModel
{
    public Anonymisation Anonymisation { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellation)
    {
        Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (await db.Anonymisations.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id, cancellation) is not { } found) return NotFound();
        Anonymisation = found;
        return Request.IsHtmx() ? Partial("_AnonymisationState", found) : Page();
    }
}
