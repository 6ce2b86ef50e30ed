using CreditUsage.Core;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Credits;

public sealed class EntryModel(LedgerList ledger, ReverseEntry takeBack, IAuthorizationService authorization) : PageModel
{
    public LedgerLine Line { get; private set; } = null!;

    public string? Reason { get; private set; }

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public bool MayReverse { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public Task<IActionResult> OnGetAsync(long id, CancellationToken cancellation) => ShowAsync(id, cancellation);

    public async Task<IActionResult> OnPostAsync(long id, [FromForm] string? reason, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        var faults = new List<Problem>();
        var text = LedgerEntryInput.Text(reason, "reason", "reason", required: true, faults);
        if (faults.Count > 0)
        {
            (Reason, Faults) = (reason, faults);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return await ShowAsync(id, cancellation);
        }
        if (await takeBack.RunAsync(id, text!, cancellation) is not { } correction) return NotFound();
        Done = $"Entry {id} is reversed by entry {correction.Id}.";
        return Redirect("~/credits");
    }

    private async Task<IActionResult> ShowAsync(long id, CancellationToken cancellation)
    {
        if (await ledger.FindAsync(id, cancellation) is not { } line) return NotFound();
        Line = line;
        MayReverse = line.ReversedById is null && line.Entry.CorrectsId is null && (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
        return Page();
    }
}
