using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Corrections;

/// <summary>Record an event again with the right staff member, client or program.</summary>
[Authorize(Policy = Roles.MayChange)]
public sealed class ReplaceModel(ReplaceUsage replace) : PageModel
{
    public UsageInput Input { get; private set; } = null!;

    public string? Reason { get; private set; }

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "event")] string? eventId, CancellationToken cancellation) => await LoadAsync(eventId, cancellation) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync([FromQuery(Name = "event")] string? eventId, CancellationToken cancellation)
    {
        if (!await LoadAsync(eventId, cancellation)) return NotFound();
        string Field(string name) => Request.Form[name].ToString();
        Input = Input with { StaffId = Field("staff_id"), StaffName = Field("staff_name"), ClientId = Field("client_id"), ClientName = Field("client_name"), Program = Field("program") };
        Reason = Field("reason");
        try
        {
            var (again, faults) = await replace.RunAsync(Input, new CorrectionInput { Reason = Reason }.ValidReason(), cancellation);
            if (again is not null) return this.SeeOther($"/corrections?event={again}");
            Faults = [.. faults.Select(fault => new Problem(fault.Field, fault.Message))];
        }
        catch (UserFacingException problem)
        {
            Faults = [new Problem("reason", problem.Message)];
        }
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task<bool> LoadAsync(string? eventId, CancellationToken cancellation)
    {
        if (eventId is null || await replace.FindAsync(eventId, cancellation) is not { } found) return false;
        Input = found;
        return true;
    }
}
