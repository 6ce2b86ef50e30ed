using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Credits;

/// <summary>The days and the right price, what they would change, and then the reason.</summary>
[Authorize(Policy = Roles.MayAdminister)]
public sealed class RepriceModel(CreditUsageDb db, AskForRepricing ask) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? To { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Price { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public RepricePreview? Preview { get; private set; }

    public long Micros { get; private set; }

    public string Days { get; private set; } = "";

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        // Opened without a question.
        if (From is null && To is null && Price is null) return Page();
        if (TryRead(out var first, out var last)) await PreviewAsync(first, last, cancellation);
        if (Faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        if (TryRead(out var first, out var last))
        {
            var faults = new List<Problem>();
            var reason = LedgerEntryInput.Text(Reason, "reason", "reason", required: true, faults);
            try
            {
                if (faults.Count == 0) return this.SeeOther($"/credits/prices/reprice/{await ask.RunAsync(first, last, Micros, reason!, cancellation)}");
            }
            catch (UserFacingException problem)
            {
                faults.Add(new("from", problem.Message));
            }
            await PreviewAsync(first, last, cancellation);
            Faults = faults;
        }
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task PreviewAsync(DateOnly first, DateOnly? last, CancellationToken cancellation)
    {
        try
        {
            last = await ask.CheckAsync(first, last, cancellation);
        }
        catch (UserFacingException problem)
        {
            Faults = [new("from", problem.Message)];
            return;
        }
        Days = last is { } day ? $"{Display.Day(first)} to {Display.Day(day)}" : $"From {Display.Day(first)} on";
        Preview = await new RepricedUsage(db, first, last ?? DateOnly.MaxValue, Micros).PreviewAsync(cancellation);
    }

    private bool TryRead(out DateOnly first, out DateOnly? last)
    {
        var (from, to, price) = (LedgerFields.Day(From), LedgerFields.Day(To), LedgerFields.Micros(Price, SetCreditPrice.MaxMicros));
        var faults = new List<Problem>();
        if (from is null) faults.Add(new("from", "Enter the first day as day, month and year, such as 01/01/2027."));
        if (to is null && !string.IsNullOrWhiteSpace(To)) faults.Add(new("to", "Enter the last day as day, month and year, such as 31/01/2027, or leave it empty."));
        if (price is null) faults.Add(new("price", "Enter pounds for a credit, from 0 to 10,000 with up to six decimals, such as 0.525."));
        (Faults, first, last, Micros) = (faults, from ?? default, to, price ?? 0);
        return faults.Count == 0;
    }
}
