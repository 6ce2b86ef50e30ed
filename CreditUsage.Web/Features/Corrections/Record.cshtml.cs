using System.Text.RegularExpressions;
using CreditUsage.Core;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Corrections;

/// <summary>Record an event by hand. Its id is made with the form, so that a form that is sent twice records one event.</summary>
[Authorize(Policy = Roles.MayChange)]
public sealed partial class RecordModel(RecordByHand record, ReplaceUsage known, TimeProvider clock) : PageModel
{
    public UsageInput Input { get; private set; } = null!;

    public string? Date { get; private set; }

    public string? Time { get; private set; }

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    /// <param name="like">The id of an event whose names are taken over.</param>
    public async Task OnGetAsync(string? like, CancellationToken cancellation)
    {
        var empty = new UsageInput(NewId(), UsageKinds.ConnectedSession, "", "", "", "", "", "", "", "", "", "", "");
        Input = like is not null && await known.FindAsync(like, cancellation) is { } found ? found with { EventId = empty.EventId, OccurredAt = "", DurationMinutes = "", Credits = "" } : empty;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        string Field(string name) => Request.Form[name].ToString();
        (Date, Time) = (Field("date"), Field("time"));
        var (kind, id) = (Field("kind"), Field("event_id"));
        Input = new UsageInput(
            MadeHere().IsMatch(id) ? id : NewId(), kind, kind == UsageKinds.DailyTopUp ? Date : $"{Date}T{Time}:00Z", Field("staff_id"), Field("staff_name"), Field("client_id"), Field("client_name"), Field("program"),
            Field("device_id"), Field("identity_note"), Field("duration_minutes"), Field("credits"), Field("cost_gbp"));
        var faults = await record.RunAsync(Input, cancellation);
        if (faults.Count == 0) return this.SeeOther($"/corrections?event={Input.EventId}");
        Faults = [.. faults.Select(fault => fault.Field == "occurred_at" ? new Problem("date", kind == UsageKinds.ConnectedSession && Time.Length == 0 ? "Enter the date and the time at which the session began." : fault.Message) : new Problem(fault.Field, fault.Message))];
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private string NewId() => $"hand-{Guid.CreateVersion7(clock.GetUtcNow()):N}";

    [GeneratedRegex("^hand-[0-9a-f]{32}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MadeHere();
}
