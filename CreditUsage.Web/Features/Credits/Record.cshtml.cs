using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

[Authorize(Policy = Roles.MayChange)]
public sealed class RecordModel(CreditUsageDb db, LedgerList ledger, RecordLedgerEntry record, TimeProvider clock) : PageModel
{
    public LedgerEntryKind Kind { get; private set; }

    public LedgerEntryInput Input { get; private set; } = new();

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    [TempData]
    public string? Done { get; set; }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public async Task<IActionResult> OnGetAsync(string kind, CancellationToken cancellation)
    {
        Kind = KindOf(kind);
        Input = new LedgerEntryInput { Day = Today.ToString("yyyy-MM-dd", null), LastSeen = (await ledger.LastIdAsync(cancellation)).ToString((IFormatProvider?)null) };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string kind, [FromForm] LedgerEntryInput input, CancellationToken cancellation)
    {
        (Kind, Input) = (KindOf(kind), input);
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        if (Input.Validate(Kind, startsOn, Today, out var faults) is not { } draft) return Refused(faults);
        var (entry, fault) = await record.RunAsync(draft, Input.LastSeenId!.Value, cancellation);
        if (entry is null) return Refused([fault!]);
        Done = $"Recorded: {LedgerLabels.Audited(entry)}{(entry.ReportMonth == UsageMonth.Of(entry.ServiceDate) ? "" : $" {UsageMonth.Of(entry.ServiceDate).Name} is closed, so it counts in {entry.ReportMonth.Name}.")}";
        return Redirect("~/credits");
    }

    private PageResult Refused(IReadOnlyList<Problem> faults)
    {
        (Response.StatusCode, Faults) = (StatusCodes.Status422UnprocessableEntity, faults);
        return Page();
    }

    private static LedgerEntryKind KindOf(string kind) => kind switch
    {
        "purchase" => LedgerEntryKind.Purchase,
        "grant" => LedgerEntryKind.Grant,
        _ => LedgerEntryKind.Adjustment,
    };
}
