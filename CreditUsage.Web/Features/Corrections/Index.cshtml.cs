using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>One event with its corrections and the forms that correct it; without an event, the latest corrections.</summary>
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

    public bool Adjusting { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        await LoadAsync(cancellation);
        if (!string.IsNullOrWhiteSpace(EventId) && Event is null) (Response.StatusCode, Problem) = (StatusCodes.Status404NotFound, new Problem("event", "There is no event with this id. Click a row's date in the report to find it."));
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
            return Redirect("~/corrections" + QueryString.Create("event", EventId));
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

public sealed class CorrectionInput
{
    private const int MaxCredits = 1_000_000;

    public string? Reason { get; init; }

    public string? Minutes { get; init; }

    public string? Credits { get; init; }

    public string? Cost { get; init; }

    /// <exception cref="UserFacingException">The reason is empty or not valid.</exception>
    public string ValidReason()
    {
        if (!RecordedName.TryNormalise(Reason ?? "", out var reason, out var fault)) throw new UserFacingException($"The reason {fault}.");
        return reason.Length > 0 ? reason : throw new UserFacingException("Enter a reason.");
    }

    /// <exception cref="UserFacingException">A figure is not a whole number or an amount, or all are empty.</exception>
    public AdjustedUsage ValidAdjustment()
    {
        var adjusted = new AdjustedUsage(Whole(Minutes, "minutes", UsageValidator.MaxSessionMinutes), Whole(Credits, "credits", MaxCredits), Pence(Cost));
        return adjusted == new AdjustedUsage(null, null, null) ? throw new UserFacingException("Enter the correct figures.") : adjusted;
    }

    private static int? Whole(string? typed, string what, int most)
    {
        if (string.IsNullOrWhiteSpace(typed)) return null;
        return int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number
            : throw new UserFacingException($"The {what} must be a whole number from 0 to {most}.");
    }

    private static long? Pence(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed)) return null;
        return UsageValidator.TryReadPounds(typed.Trim(), out var pence) ? pence : throw new UserFacingException("The cost must be pounds with at most two decimals, such as 9.45.");
    }
}
