using CreditUsage.Core;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Alerts;

/// <summary>Everybody sees the alerts; only Administrators change them.</summary>
public sealed class IndexModel(AlertsQuery query, ChangeAlerts change, IAuthorizationService authorization) : PageModel
{
    public AlertsView View { get; private set; } = null!;

    public AlertInput Form { get; private set; } = new(null, null, null, null);

    public Problem? Problem { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(string? add, CancellationToken cancellation)
    {
        if (add is not null) Form = new(add, null, null, null);
        if (add is not null && Form.KnownKind is null) return NotFound();
        View = await query.RunAsync(Form.KnownKind, cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostAddAsync(AlertInput form, CancellationToken cancellation)
    {
        if (!await MayAsync(Roles.MayAdminister)) return Forbid();
        Form = form;
        if (form.KnownKind is not { } kind) return NotFound();
        Problem = await change.AddAsync(kind, form, cancellation);
        if (Problem is null) return Answer("The alert was added. It is looked at within three minutes, and then every three.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        View = await query.RunAsync(kind, cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync(int id, CancellationToken cancellation)
    {
        if (!await MayAsync(Roles.MayAdminister)) return Forbid();
        return await change.RemoveAsync(id, cancellation) ? Answer("The alert was removed.") : NotFound();
    }

    public async Task<IActionResult> OnPostSeenAsync(int id, CancellationToken cancellation)
    {
        if (!await MayAsync(Roles.MayChange)) return Forbid();
        return await change.SeenAsync(id, cancellation) ? Answer("Noted as seen.") : NotFound();
    }

    private async Task<bool> MayAsync(string policy) => (await authorization.AuthorizeAsync(User, policy)).Succeeded;

    private RedirectToPageResult Answer(string done)
    {
        Done = done;
        return RedirectToPage();
    }
}
