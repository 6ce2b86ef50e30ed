using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Schedules;

[Authorize(Policy = Roles.MayChange)]
public sealed class ReassignModel(SchedulesQuery query, ReassignSchedule reassign, ChargeTopUps charge) : PageModel
{
    public TopUpSchedule Schedule { get; private set; } = null!;

    [BindProperty(Name = "first_day")]
    public string FirstDay { get; set; } = "";

    [BindProperty(Name = "client_id")]
    public string ClientId { get; set; } = "";

    [BindProperty(Name = "client_name")]
    public string ClientName { get; set; } = "";

    /// <summary>Null before the form was sent: then the present note is shown.</summary>
    [BindProperty(Name = "identity_note")]
    public string? IdentityNote { get; set; }

    public IReadOnlyList<UsageFault> Faults { get; private set; } = [];

    public KnownForSchedules Known { get; private set; } = null!;

    public SavedMeanwhile? Meanwhile { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(int id, CancellationToken cancellation)
    {
        if (await query.FindAsync(id, cancellation) is not { } schedule) return NotFound();
        (Schedule, Known) = (schedule, await query.KnownAsync(cancellation));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(int id, string? version, CancellationToken cancellation)
    {
        (FirstDay, ClientId, ClientName, IdentityNote) = (FirstDay ?? "", ClientId ?? "", ClientName ?? "", IdentityNote ?? "");
        IReadOnlyList<UsageFault>? faults;
        try
        {
            faults = ScheduleLabels.ParseDay(FirstDay) is { } from ? await reassign.RunAsync(id, from, ClientId, ClientName, IdentityNote, version, cancellation)
                : [new UsageFault("first_day", "Enter the new client's first day.")];
        }
        catch (SavedMeanwhileException problem)
        {
            Faults = [new UsageFault("first_day", problem.Message)];
            Response.StatusCode = StatusCodes.Status409Conflict;
            await OnGetAsync(id, cancellation);
            Meanwhile = new(Schedule.EndedBy, Schedule.EndedAt, [new("Days of this schedule", ScheduleLabels.Days(Schedule), $"reassigned from {FirstDay} on")]);
            return Page();
        }
        if (faults is null) return NotFound();
        if (faults.Count > 0)
        {
            (Faults, Response.StatusCode) = (faults, StatusCodes.Status422UnprocessableEntity);
            return await OnGetAsync(id, cancellation);
        }
        await charge.RunAsync(cancellation);
        Done = "Device reassigned.";
        return Redirect("~/schedules");
    }
}
