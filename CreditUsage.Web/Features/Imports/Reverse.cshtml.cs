using CreditUsage.Core;
using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Imports;

/// <summary>Reverse this import: what would be taken back, by month, and the reason.</summary>
public sealed class ReverseModel(CreditUsageDb db, DecideImport decide, IAuthorizationService authorization) : PageModel
{
    public UsageImport Import { get; private set; } = null!;

    public IReadOnlyList<ReversedMonth> Months { get; private set; } = [];

    public string? Reason { get; private set; }

    public Problem? Problem { get; private set; }

    public Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellation) => ShowAsync(id, cancellation);

    public async Task<IActionResult> OnPostAsync(Guid id, string? reason, CancellationToken cancellation)
    {
        Reason = reason;
        if (!RecordedName.TryNormalise(reason ?? "", out var given, out var fault)) Problem = new Problem("reason", $"The reason {fault}.");
        else if (given.Length == 0) Problem = new Problem("reason", "Enter a reason.");
        var page = await ShowAsync(id, cancellation);
        if (page is not PageResult) return page;
        if (Problem is null)
        {
            await decide.ReverseAsync(id, given, cancellation);
            return this.SeeOther($"/imports/{id}");
        }
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    private async Task<IActionResult> ShowAsync(Guid id, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        if (await db.UsageImports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id, cancellation) is not { } import) return NotFound();
        if (import is not { State: UsageImportState.Stored, IntakeId: not null }) return this.SeeOther($"/imports/{id}");
        Import = import;
        Months = await (await ImportedEvents.OfAsync(db, import, cancellation)).LeftAsync(cancellation);
        return Page();
    }
}
