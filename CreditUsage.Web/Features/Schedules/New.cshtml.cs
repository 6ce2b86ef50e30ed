using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Schedules;

[Authorize(Policy = Roles.MayChange)]
public sealed class NewModel(AddSchedule add, SchedulesQuery query, ChargeTopUps charge) : PageModel
{
    public ScheduleInput Input { get; private set; } = ScheduleInput.From(_ => null);

    public IReadOnlyList<UsageFault> Faults { get; private set; } = [];

    [TempData]
    public string? Done { get; set; }

    public KnownForSchedules Known { get; private set; } = null!;

    /// <param name="like">A schedule to be copied, all but its device and days.</param>
    public async Task<IActionResult> OnGetAsync(int? like, CancellationToken cancellation)
    {
        if (like is { } id)
        {
            if (await query.FindAsync(id, cancellation) is not { } copied) return NotFound();
            Input = new("", copied.Program, copied.ClientId ?? "", copied.ClientName ?? "", copied.IdentityNote, copied.StaffId, copied.StaffName, "", "");
        }
        Known = await query.KnownAsync(cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        Input = ScheduleInput.From(field => Request.Form[field]);
        (var added, Faults) = await add.RunAsync(Input, cancellation);
        if (added is null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            Known = await query.KnownAsync(cancellation);
            return Page();
        }
        var charged = await charge.RunAsync(cancellation);
        Done = $"Schedule added for device {added.DeviceId}. {Display.Count(charged, "past day was", "past days were")} charged.";
        return Redirect("~/schedules");
    }
}
