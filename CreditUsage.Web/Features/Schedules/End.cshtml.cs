using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Schedules;

/// <summary>Brings a schedule's last day forward, or withdraws one without recorded days.</summary>
[Authorize(Policy = Roles.MayChange)]
public sealed class EndModel(SchedulesQuery query, EndSchedule end) : PageModel
{
    public TopUpSchedule Schedule { get; private set; } = null!;

    public string LastDay { get; private set; } = "";

    public bool MayWithdraw { get; private set; }

    public IReadOnlyList<UsageFault> Faults { get; private set; } = [];

    public SavedMeanwhile? Meanwhile { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(int id, CancellationToken cancellation)
    {
        if (await query.FindAsync(id, cancellation) is not { } schedule) return NotFound();
        (Schedule, MayWithdraw) = (schedule, await query.LastRecordedAsync(schedule, cancellation) is null);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(int id, bool withdraw, [FromForm(Name = "last_day")] string? lastDay, string? version, CancellationToken cancellation)
    {
        var day = withdraw ? null : ScheduleLabels.ParseDay(lastDay);
        IReadOnlyList<UsageFault>? faults;
        try
        {
            faults = withdraw || day is not null ? await end.RunAsync(id, day, version ?? "", cancellation) : [new UsageFault("last_day", "Enter the last day to top up.")];
        }
        catch (SavedMeanwhileException problem)
        {
            await RefusedAsync(id, lastDay, [new UsageFault("last_day", problem.Message)], cancellation);
            Meanwhile = new(Schedule.EndedBy, Schedule.EndedAt, [new("Last day", ScheduleLabels.IsoLast(Schedule), withdraw ? "Withdrawn" : lastDay)]);
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        if (faults is null) return NotFound();
        if (faults.Count > 0) return await RefusedAsync(id, lastDay, faults, cancellation);
        Done = day is { } last ? $"The schedule ends on {ScheduleLabels.Day(last)}." : "Schedule withdrawn.";
        return Redirect("~/schedules");
    }

    private Task<IActionResult> RefusedAsync(int id, string? lastDay, IReadOnlyList<UsageFault> faults, CancellationToken cancellation)
    {
        (LastDay, Faults, Response.StatusCode) = (lastDay ?? "", faults, StatusCodes.Status422UnprocessableEntity);
        return OnGetAsync(id, cancellation);
    }
}
