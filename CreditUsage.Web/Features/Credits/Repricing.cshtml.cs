using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>How far a repricing is, and what it has changed.</summary>
public sealed class RepricingModel(CreditUsageDb db) : PageModel
{
    public Repricing Repricing { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellation)
    {
        Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (await db.Repricings.AsNoTracking().SingleOrDefaultAsync(repricing => repricing.Id == id, cancellation) is not { } found) return NotFound();
        Repricing = found;
        return Request.IsHtmx() ? Partial("_RepricingState", found) : Page();
    }
}
