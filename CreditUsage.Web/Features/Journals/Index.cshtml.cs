using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Journals;

/// <summary>The accounting of a month: its journal, the cost of unused credits, and the accounts, which Administrators set.</summary>
public sealed class IndexModel(ReportQuery months, JournalsQuery query, SetAccounts setAccounts, IAuthorizationService authorization, AuditReads reads) : PageModel
{
    public MonthInput Choice { get; private set; } = null!;

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public JournalMonth? Books { get; private set; }

    public AccountsInput? Accounts { get; private set; }

    public bool MayAdminister { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        await ShowAsync(cancellation);
        if (Books is not null) reads.Note(AuditAction.View, Books.Report.Filter.Month.Name, "Accounting");
    }

    public async Task<IActionResult> OnPostAsync(AccountsInput accounts, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayAdminister)).Succeeded) return Forbid();
        Choice = MonthInput.Of(Request.Query, await months.MonthsAsync(cancellation));
        Faults = await setAccounts.RunAsync(accounts, cancellation);
        if (Faults.Count == 0)
        {
            Done = "The accounts were saved.";
            return Redirect($"/usage-report/accounting{(Choice.Filter is { } filter ? MonthAddress.Query(filter.Month) : "")}");
        }
        (Accounts, Response.StatusCode) = (accounts, StatusCodes.Status422UnprocessableEntity);
        await ShowAsync(cancellation);
        return Page();
    }

    private async Task ShowAsync(CancellationToken cancellation)
    {
        MayAdminister = (await authorization.AuthorizeAsync(User, Roles.MayAdminister)).Succeeded;
        Choice ??= MonthInput.Of(Request.Query, await months.MonthsAsync(cancellation));
        Faults = [.. Faults, .. Choice.Faults];
        if (Choice.Filter is not { } filter)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return;
        }
        Books = await query.RunAsync(filter, cancellation);
        Accounts ??= AccountsInput.Of(Books.Accounts);
    }
}
