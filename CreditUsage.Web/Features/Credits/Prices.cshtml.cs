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
public sealed class PricesModel(CreditUsageDb db, PriceList prices, SetCreditPrice set, RemoveCreditPrice remove, TryPrice tryPrice, ComparePacks comparePacks, IAuthorizationService authorization) : PageModel
{
    [BindProperty]
    public string? From { get; set; }

    [BindProperty]
    public string? Price { get; set; }

    /// <summary>A price to try.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Try { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? PackSize { get; set; }

    /// <summary>VAT included.</summary>
    [BindProperty(SupportsGet = true)]
    public string? PackPaid { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? PackVat { get; set; }

    public long TriedMicros { get; private set; }

    /// <summary>Null where no price is tried.</summary>
    public IReadOnlyList<TriedMonth>? Tried { get; private set; }

    public PackComparison Packs { get; private set; } = null!;

    [TempData]
    public string? Done { get; set; }

    public IReadOnlyList<PricePeriod> Periods { get; private set; } = [];

    public IReadOnlyList<WithheldMonth> Withheld { get; private set; } = [];

    public IReadOnlyList<Repricing> Repricings { get; private set; } = [];

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public bool MayAdminister { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        var faults = new List<Problem>();
        if (!string.IsNullOrWhiteSpace(Try))
        {
            if (LedgerFields.Micros(Try, SetCreditPrice.MaxMicros) is { } micros) (TriedMicros, Tried) = (micros, await tryPrice.RunAsync(micros, cancellation));
            else faults.Add(new("try", "Enter pounds for a credit, from 0 to 10,000 with up to six decimals, such as 0.525."));
        }
        var pack = PackToTry(faults);
        Faults = faults;
        if (faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return await ShowAsync(cancellation, pack);
    }

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

    private Pack? PackToTry(List<Problem> faults)
    {
        if (string.IsNullOrWhiteSpace(PackSize + PackPaid + PackVat)) return null;
        var (size, paid, vat) = (LedgerFields.Whole(PackSize, 1, LedgerEntryInput.MaxCredits), LedgerFields.Pence(PackPaid, LedgerEntryInput.MaxPence), LedgerFields.Pence(string.IsNullOrWhiteSpace(PackVat) ? "0" : PackVat, LedgerEntryInput.MaxPence));
        if (size is null) faults.Add(new("packSize", "Enter the credits of a pack, from 1 to 100,000,000."));
        if (paid is null) faults.Add(new("packPaid", "Enter the price of a pack in pounds, VAT included, such as 540.00."));
        if (vat is null || vat > paid) faults.Add(new("packVat", "Enter the VAT in pounds, no more than the price, such as 90.00, or nothing."));
        return faults.Count > 0 ? null : new Pack((int)size!.Value, 1, paid!.Value, vat!.Value, null);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellation, Pack? packToTry = null)
    {
        Packs = await comparePacks.RunAsync(packToTry, cancellation);
        MayAdminister = (await authorization.AuthorizeAsync(User, Roles.MayAdminister)).Succeeded;
        (Periods, Withheld) = (await prices.PeriodsAsync(cancellation), await WithheldMonths.LoadAsync(db, cancellation));
        Repricings = await db.Repricings.AsNoTracking().OrderByDescending(repricing => repricing.RequestedAt).ToListAsync(cancellation);
        return Page();
    }
}
