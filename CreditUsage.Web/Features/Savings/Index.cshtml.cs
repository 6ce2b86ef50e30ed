using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Savings;

/// <summary>The possible savings of a month, and those that were dismissed.</summary>
public sealed class IndexModel(ReportQuery months, SavingsQuery query, DismissFinding dismiss, TimeProvider clock, IAuthorizationService authorization, AuditReads reads) : PageModel
{
    public SavingsInput Input { get; private set; } = null!;

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public SavingsReport? Found { get; private set; }

    /// <summary>Null where there is no such month.</summary>
    public MonthHead? Head { get; private set; }

    /// <summary>The finding to dismiss, whose reason is still needed.</summary>
    public SavingsFinding? Asked { get; private set; }

    public string? Reason { get; private set; }

    public bool MayChange { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(string? dismissing, CancellationToken cancellation)
    {
        await ShowAsync(dismissing, cancellation);
        if (Found is not null) reads.Note(AuditAction.View, Found.Filter.Month.Name, $"Money found, idle after {Found.Days} days");
        return dismissing is not null && Found is not null && Asked is null ? NotFound() : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? finding, string? reason, CancellationToken cancellation)
    {
        await ShowAsync(finding, cancellation);
        if (!MayChange) return Forbid();
        if (Found is null) return Page();
        if (Asked is null) return NotFound();
        if (await dismiss.RunAsync(Asked, reason, cancellation) is not { } fault) return Answer("Finding dismissed. You can restore it under Dismissed.");
        (Faults, Reason, Response.StatusCode) = ([fault], reason, StatusCodes.Status422UnprocessableEntity);
        return Page();
    }

    public async Task<IActionResult> OnPostRestoreAsync(int id, CancellationToken cancellation)
    {
        await ShowAsync(null, cancellation);
        if (!MayChange) return Forbid();
        if (Found is null) return Page();
        return await dismiss.RestoreAsync(id, cancellation) ? Answer("Finding restored.") : NotFound();
    }

    private RedirectResult Answer(string done)
    {
        Done = done;
        return Redirect("~" + Input.Address);
    }

    private async Task ShowAsync(string? dismissing, CancellationToken cancellation)
    {
        MayChange = (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
        var (reportable, closed) = await months.MonthsAndClosedAsync(cancellation);
        Input = SavingsInput.Of(Request.Query, reportable);
        Faults = Input.Faults;
        if (Input.Choice.Filter is { } filter) Head = new(filter.Month, reportable, closed, clock.GetUtcNow(), filter, Tab: null);
        if (Faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        else Found = await query.RunAsync(Input.Choice.Filter!, Input.ValidDays, cancellation);
        Asked = MayChange && dismissing is not null ? Found?.Findings.FirstOrDefault(finding => finding.Has(dismissing)) : null;
    }
}
