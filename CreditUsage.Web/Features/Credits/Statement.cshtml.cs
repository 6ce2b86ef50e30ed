using CreditUsage.Core;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Auditing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Credits;

public sealed class StatementModel(CreditLedger ledger, AuditReads audit) : PageModel
{
    public StatementInput Input { get; private set; } = null!;

    public ReportableMonths Months { get; private set; } = null!;

    /// <summary>Null when the query string was wrong.</summary>
    public CreditStatement? Statement { get; private set; }

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Input = StatementInput.From(Request.Query);
        Months = await ledger.MonthsAsync(cancellation);
        var filter = Input.Validate(Months, out var faults);
        Faults = faults;
        if (filter is null) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        else Statement = await ledger.StatementAsync(filter, cancellation);
        if (filter is not null) audit.Note(AuditAction.View, filter.Month.Name, filter.Audited("page"));
        return Page();
    }
}
