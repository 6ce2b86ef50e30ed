using CreditUsage.Core;
using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>Prices are added; one that was late or wrong is put right by repricing.</summary>
public sealed class PricesModel(CreditUsageDb db, PriceList prices, SetCreditPrice set, RemoveCreditPrice remove, IAuthorizationService authorization) : PageModel
{
    [BindProperty]
    public string? From { get; set; }

    [BindProperty]
    public string? Price { get; set; }

    [TempData]
    public string? Done { get; set; }

    public IReadOnlyList<PricePeriod> Periods { get; private set; } = [];

    public IReadOnlyList<WithheldMonth> Withheld { get; private set; } = [];

    public IReadOnlyList<Repricing> Repricings { get; private set; } = [];

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public bool MayAdminister { get; private set; }

    public Task<IActionResult> OnGetAsync(CancellationToken cancellation) => ShowAsync(cancellation);

    public Task<IActionResult> OnPostAsync(CancellationToken cancellation) => ChangeAsync(async () =>
    {
        if (!TryRead(out var from, out var micros)) return false;
        var priced = await set.RunAsync(from, micros, cancellation);
        Done = $"A credit costs {PricePeriod.Format(micros)} from {Display.Day(from)} on." + (priced == 0 ? "" : $" {Display.Count(priced, "event that had no price has its cost", "events that had no price have their cost")} now.");
        return true;
    }, cancellation);

    public Task<IActionResult> OnPostRemoveAsync(int id, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        Done = await remove.RunAsync(id, cancellation) ? "Price removed." : "That price was already removed.";
        return true;
    }, cancellation);

    private async Task<IActionResult> ChangeAsync(Func<Task<bool>> change, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayAdminister)).Succeeded) return Forbid();
        try
        {
            if (await change()) return Redirect("~/credits/prices");
        }
        catch (UserFacingException problem)
        {
            Faults = [new("from", problem.Message)];
        }
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return await ShowAsync(cancellation);
    }

    private bool TryRead(out DateOnly from, out long micros)
    {
        var (day, price) = (LedgerFields.Day(From), LedgerFields.Micros(Price, SetCreditPrice.MaxMicros));
        var faults = new List<Problem>();
        if (day is null) faults.Add(new("from", "Enter the first day as day, month and year, such as 01/01/2027."));
        if (price is null) faults.Add(new("price", "Enter pounds for a credit, from 0 to 10,000 with up to six decimals, such as 0.525."));
        (Faults, from, micros) = (faults, day ?? default, price ?? 0);
        return faults.Count == 0;
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellation)
    {
        MayAdminister = (await authorization.AuthorizeAsync(User, Roles.MayAdminister)).Succeeded;
        (Periods, Withheld) = (await prices.PeriodsAsync(cancellation), await WithheldMonths.LoadAsync(db, cancellation));
        Repricings = await db.Repricings.AsNoTracking().OrderByDescending(repricing => repricing.RequestedAt).ToListAsync(cancellation);
        return Page();
    }
}
