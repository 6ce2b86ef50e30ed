using CreditUsage.Core;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Audit;

[Authorize(Policy = Roles.MayAudit)]
public sealed class IndexModel(AuditQuery query, AuditBacklog backlog) : PageModel
{
    public AuditFilter? Filter { get; private set; }

    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    public bool HasMore { get; private set; }

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    /// <summary>Whether the newest entries still wait to be written.</summary>
    public bool Waiting { get; private set; }

    public bool Checked { get; private set; }

    public long? FirstBroken { get; private set; }

    public long Held { get; private set; }

    public string Verdict => FirstBroken is { } broken
        ? $"Entry {Display.Number(broken)} was changed or is missing. The {Display.Count(Held, "entry", "entries")} before it {(Held == 1 ? "is" : "are")} sound; do not rely on anything after it."
        : Held == 0 ? "No entries yet." : $"{(Held == 1 ? "The only entry is sound" : $"All {Display.Number(Held)} entries are sound")}: none was changed or removed.";

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        Waiting = !await backlog.TryWriteSoonAsync(cancellation);
        Filter = AuditFilter.Parse(Request.Query, out var faults);
        Faults = faults;
        if (Filter is null) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        else (Entries, HasMore) = await query.PageAsync(Filter, cancellation);
    }

    /// <summary>A POST, because it reads every entry.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        await OnGetAsync(cancellation);
        (Held, FirstBroken) = await query.CheckAsync(cancellation);
        Checked = true;
        return Page();
    }
}
