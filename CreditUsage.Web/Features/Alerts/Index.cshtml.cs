using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Alerts;

/// <summary>Everybody sees the alerts; an Auditor does not change them.</summary>
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
        if (!await MayAsync()) return Forbid();
        Form = form;
        if (form.KnownKind is not { } kind) return NotFound();
        Problem = await change.AddAsync(kind, form, cancellation);
        if (Problem is null) return Answer("Alert added. It is checked every three minutes.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        View = await query.RunAsync(kind, cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync(int id, CancellationToken cancellation)
    {
        if (!await MayAsync()) return Forbid();
        if (await change.RemoveAsync(id, cancellation)) return Answer("Alert removed.");
        if (await change.FindRemovedAsync(id, cancellation) is not { RemovedAt: { } at } rule) return NotFound();
        Problem = new(null, $"{rule.RemovedBy} already removed this alert at {Display.Moment(at)}.");
        Response.StatusCode = StatusCodes.Status409Conflict;
        View = await query.RunAsync(null, cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostSeenAsync(int id, CancellationToken cancellation)
    {
        if (!await MayAsync()) return Forbid();
        return await change.SeenAsync(id, cancellation) ? Answer("Acknowledged.") : NotFound();
    }

    private async Task<bool> MayAsync() => (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;

    private RedirectToPageResult Answer(string done)
    {
        Done = done;
        return RedirectToPage();
    }
}

public sealed class AlertsQuery(CreditUsageDb db, SendMail mail)
{
    public const int MaxLines = 100;

    public async Task<AlertsView> RunAsync(AlertKind? form, CancellationToken cancellation)
    {
        var rules = await db.AlertRules.AsNoTracking().OrderBy(rule => rule.Kind).ThenBy(rule => rule.Id).ToListAsync(cancellation);
        var staff = await StaffAsync(cancellation);
        string Title(AlertRule rule) => AlertLabels.Title(rule, rule.Of is null ? null : staff.GetValueOrDefault(rule.Of));
        var byId = rules.ToDictionary(rule => rule.Id);
        var unseen = await db.AlertFirings.AsNoTracking().Where(firing => firing.SeenAt == null).OrderByDescending(firing => firing.Id).Take(MaxLines).ToListAsync(cancellation);
        var log = await db.AlertFirings.AsNoTracking().Include(firing => firing.Notices).OrderByDescending(firing => firing.Id).Take(MaxLines).ToListAsync(cancellation);
        return new(
            rules.Where(rule => rule.RemovedAt is null).Select(rule => new RuleView(rule, Title(rule))).ToList(),
            mail.IsSetUp, unseen, log.ConvertAll(firing => new FiringView(firing, Title(byId[firing.AlertRuleId]), AlertLabels.Notices(firing, byId[firing.AlertRuleId], mail.IsSetUp))),
            await ChoicesAsync(form, staff, cancellation));
    }

    /// <summary>Current names by staff id; the latest record of an id wins.</summary>
    private async Task<Dictionary<string, string>> StaffAsync(CancellationToken cancellation)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in await db.StaffMembers.AsNoTracking().OrderBy(member => member.Id).ToListAsync(cancellation)) names[member.StaffId] = member.Name;
        return names;
    }

    private async Task<IReadOnlyList<(string, string)>> ChoicesAsync(AlertKind? form, Dictionary<string, string> staff, CancellationToken cancellation) => form switch
    {
        AlertKind.StaffMonthAbove => [.. staff.Select(member => (member.Key, member.Value)).OrderBy(member => member.Value, StringComparer.OrdinalIgnoreCase)],
        AlertKind.ProgramMonthAbove => [.. (await db.Programs.Select(program => program.Name).ToListAsync(cancellation)).Order(StringComparer.OrdinalIgnoreCase).Select(name => (name, name))],
        _ => [],
    };
}

/// <param name="Choices">The staff members or programs that the form offers.</param>
public sealed record AlertsView(
    IReadOnlyList<RuleView> Rules, bool MailIsSetUp, IReadOnlyList<AlertFiring> Unseen, IReadOnlyList<FiringView> Log, IReadOnlyList<(string Value, string Name)> Choices);

public sealed record RuleView(AlertRule Rule, string Title);

public sealed record FiringView(AlertFiring Firing, string Title, IReadOnlyList<string> NotifiedLabels);
