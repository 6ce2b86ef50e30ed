using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

public sealed class ProofModel(CreditUsageDb db, ExplainBalance explain, RecordBalanceProof record, TimeProvider clock, IAuthorizationService authorization) : PageModel
{
    private const int Latest = 50;

    public ProofInput Input { get; private set; } = new();

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public BalanceProof? Chosen { get; private set; }

    /// <summary>The same figure compared with the ledger of today.</summary>
    public BalanceExplanation? Now { get; private set; }

    public IReadOnlyList<BalanceProof> History { get; private set; } = [];

    public bool MayChange { get; private set; }

    public async Task<IActionResult> OnGetAsync(int? id, CancellationToken cancellation)
    {
        Input = ProofInput.At(clock.GetUtcNow());
        if (!ModelState.IsValid) return NotFound();
        if (id is null) return await ShowAsync(cancellation);
        if (await db.BalanceProofs.AsNoTracking().SingleOrDefaultAsync(proof => proof.Id == id, cancellation) is not { } chosen) return NotFound();
        (Chosen, Now) = (chosen, await explain.RunAsync(chosen.ShownAt, chosen.ShownCredits, cancellation));
        return await ShowAsync(cancellation);
    }

    public async Task<IActionResult> OnPostAsync([FromForm] ProofInput input, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        Input = input;
        var startsOn = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation);
        if (Input.Validate(startsOn, clock.GetUtcNow(), out var faults) is { } figure)
            return Redirect($"~/credits/proof?id={(await record.RunAsync(figure.At, figure.Credits, cancellation)).Id}");
        (Response.StatusCode, Faults) = (StatusCodes.Status422UnprocessableEntity, faults);
        return await ShowAsync(cancellation);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellation)
    {
        MayChange = (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
        History = await db.BalanceProofs.AsNoTracking().OrderByDescending(proof => proof.ShownAt).ThenByDescending(proof => proof.Id).Take(Latest).ToListAsync(cancellation);
        return Page();
    }
}
