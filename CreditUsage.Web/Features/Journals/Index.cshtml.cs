using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Journals;

/// <summary>The accounting of a month: its journal, the cost of unused credits, and the accounts, which Finance Administrators and Administrators set.</summary>
public sealed class IndexModel(ReportQuery months, JournalsQuery query, SetAccounts setAccounts, IAuthorizationService authorization, AuditReads reads) : PageModel
{
    public MonthInput Choice { get; private set; } = null!;

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public JournalMonth? Books { get; private set; }

    public AccountsInput? Accounts { get; private set; }

    public bool MayChange { get; private set; }

    public SavedMeanwhile? Meanwhile { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        await ShowAsync(cancellation);
        if (Books is not null) reads.Note(AuditAction.View, Books.Report.Filter.Month.Name, "Accounting");
    }

    public async Task<IActionResult> OnPostAsync(AccountsInput accounts, string? version, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        Choice = MonthInput.Of(Request.Query, await months.MonthsAsync(cancellation));
        Accounts = accounts;
        try
        {
            Faults = await setAccounts.RunAsync(accounts, version, cancellation);
        }
        catch (SavedMeanwhileException problem)
        {
            Faults = [new(nameof(AccountsInput.SessionsAccount), problem.Message)];
            await ShowAsync(cancellation);
            Meanwhile = new(Books?.Accounts?.SetBy, Books?.Accounts?.SetAt, AccountsInput.Of(Books?.Accounts).ComparedWith(accounts));
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        if (Faults.Count == 0)
        {
            Done = "Accounts saved.";
            return Redirect($"~/usage-report/accounting{(Choice.Filter is { } filter ? MonthAddress.Query(filter.Month) : "")}");
        }
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await ShowAsync(cancellation);
        return Page();
    }

    private async Task ShowAsync(CancellationToken cancellation)
    {
        MayChange = (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
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
