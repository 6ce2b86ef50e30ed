using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.SavedViews;

/// <summary>The saved views: one's own to use and remove, others' shared ones to use.</summary>
public sealed class IndexModel(ReportQuery query, SaveView saveView, CreditUsageDb db, CurrentSubscription current, IAuthorizationService authorization) : PageModel
{
    public IReadOnlyList<SavedView> Views { get; private set; } = [];

    public UsageMonth Month { get; private set; }

    public Problem? Problem { get; private set; }

    public bool MayChange { get; private set; }

    /// <summary>The filter that was not saved yet, so that another name can be given.</summary>
    public ReportFilter? Asked { get; private set; }

    public bool IsOwn(SavedView view) => view?.Owner == current.Actor;

    public async Task OnGetAsync(CancellationToken cancellation) => await LoadAsync(cancellation);

    public async Task<IActionResult> OnPostAsync(string? name, bool shared, bool isDefault, CancellationToken cancellation)
    {
        if (!await MayChangeAsync()) return Forbid();
        Asked = ReportInput.From(Request.Query).Validate(await query.MonthsAsync(cancellation), out _, out var faults);
        try
        {
            await saveView.RunAsync(name, Asked ?? throw new UserFacingException(faults[0].Message), shared, isDefault, cancellation);
            return this.SeeOther($"/usage-report{Asked.Query()}");
        }
        catch (UserFacingException problem)
        {
            (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, new Problem(Asked is null ? null : "name", problem.Message));
            await LoadAsync(cancellation);
            return Page();
        }
    }

    public async Task<IActionResult> OnPostRemoveAsync(int id, CancellationToken cancellation) =>
        !await MayChangeAsync() ? Forbid() : await saveView.RemoveAsync(id, cancellation) ? this.SeeOther("/usage-report/views") : NotFound();

    private async Task<bool> MayChangeAsync() => (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;

    private async Task LoadAsync(CancellationToken cancellation)
    {
        MayChange = await MayChangeAsync();
        Month = (await query.MonthsAsync(cancellation)).Default;
        Views = await db.SavedViews.AsNoTracking().Where(view => view.Owner == current.Actor || view.Shared).OrderBy(view => view.Name).ToListAsync(cancellation);
    }
}
