using CreditUsage.Core.Ledger;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Credits;

public sealed class IndexModel(LedgerList ledger, CreditBalance balance, TimeProvider clock, IAuthorizationService authorization) : PageModel
{
    public long Available { get; private set; }

    public DateTimeOffset AsAt { get; private set; }

    public LedgerPage Entries { get; private set; } = null!;

    public bool FromStart { get; private set; }

    public bool MayChange { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(long? before, CancellationToken cancellation)
    {
        if (!ModelState.IsValid || await ledger.PageAsync(before, cancellation) is not { } page) return NotFound();
        (Entries, FromStart, AsAt) = (page, before is null, clock.GetUtcNow());
        Available = await balance.AvailableAsync(AsAt, cancellation);
        MayChange = (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
        return Page();
    }
}
