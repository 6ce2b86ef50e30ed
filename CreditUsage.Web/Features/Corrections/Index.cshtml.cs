using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>One event, how it came in, its corrections, and the forms that correct it; without an event, the latest corrections.</summary>
public sealed class IndexModel(CreditUsageDb db, CorrectUsage correct, IAuthorizationService authorization) : PageModel
{
    private const int Latest = 200;

    [BindProperty(SupportsGet = true, Name = "event")]
    public string? EventId { get; set; }

    [BindProperty]
    public CorrectionInput Input { get; set; } = new();

    public CorrectedEvent? Event { get; private set; }

    public IReadOnlyList<LatestCorrection> Corrections { get; private set; } = [];

    public Problem? Problem { get; private set; }

    /// <summary>Which form was sent.</summary>
    public bool Adjusting { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        await LoadAsync(cancellation);
        if (!string.IsNullOrWhiteSpace(EventId) && Event is null) (Response.StatusCode, Problem) = (StatusCodes.Status404NotFound, new Problem("event", "There is no event with this id. Look it up in the report: a row's date leads here."));
        return Page();
    }

    public Task<IActionResult> OnPostReverseAsync(CancellationToken cancellation) => ChangeAsync(id => correct.ReverseAsync(id, Input.ValidReason(), cancellation), cancellation);

    public Task<IActionResult> OnPostAdjustAsync(CancellationToken cancellation)
    {
        Adjusting = true;
        return ChangeAsync(id => correct.AdjustAsync(id, Input.ValidAdjustment(), Input.ValidReason(), cancellation), cancellation);
    }

    private async Task<IActionResult> ChangeAsync(Func<string, Task> change, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        if (EventId is null || !await db.UsageEvents.AnyAsync(usage => usage.EventId == EventId, cancellation)) return NotFound();
        try
        {
            await change(EventId);
            return Redirect("/corrections" + QueryString.Create("event", EventId));
        }
        catch (UserFacingException problem)
        {
            (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, new Problem(Adjusting ? "adjust-reason" : "reverse-reason", problem.Message));
            await LoadAsync(cancellation);
            return Page();
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(EventId)) Event = await CorrectedEvent.FindAsync(db, EventId.Trim(), cancellation);
        else Corrections = await LatestCorrection.ListAsync(db, Latest, cancellation);
    }
}
