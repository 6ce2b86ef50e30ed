using CreditUsage.Core;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Deliveries;

/// <summary>Everybody sees the deliveries; only Administrators change them.</summary>
public sealed class IndexModel(
    DeliveriesQuery query, SetTerms setTerms, ChangeRecipients recipients, SendTest sendTest, TryAgain tryAgain, IAuthorizationService authorization) : PageModel
{
    public DeliveriesView View { get; private set; } = null!;

    public TermsInput Terms { get; private set; } = null!;

    public PersonInput Person { get; private set; } = new(null, null);

    public Problem? Problem { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        View = await query.RunAsync(cancellation);
        Terms ??= TermsInput.Of(View.Schedule);
    }

    public Task<IActionResult> OnPostTermsAsync(TermsInput terms, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        Terms = terms;
        return await AnswerAsync(await setTerms.RunAsync(terms, cancellation), "The setting was saved.", cancellation);
    });

    public Task<IActionResult> OnPostAddAsync(PersonInput person, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        Person = person;
        return await AnswerAsync(await recipients.AddAsync(person, cancellation), "The person was added and gets what is sent from now on.", cancellation);
    });

    public Task<IActionResult> OnPostRemoveAsync(int id, CancellationToken cancellation) => ChangeAsync(async () =>
        await recipients.RemoveAsync(id, cancellation) ? await AnswerAsync(null, "The person was removed and gets nothing any more.", cancellation) : NotFound());

    public Task<IActionResult> OnPostTryAgainAsync(int id, CancellationToken cancellation) => ChangeAsync(async () =>
        await tryAgain.RunAsync(id, cancellation) ? await AnswerAsync(null, "It is tried again within two minutes.", cancellation) : NotFound());

    /// <param name="id">A recipient; null for the current user.</param>
    public Task<IActionResult> OnPostTestAsync(int? id, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        if (await sendTest.RunAsync(id, cancellation) is not var (email, outcome)) return NotFound();
        var problem = outcome.Taken ? null : new Problem(
            "test", outcome.Known ? $"The test to {email} was not sent. {outcome.Message.TrimEnd('.')}. Put it right and send a test again." : $"The test to {email} may or may not arrive. {outcome.Message}");
        return await AnswerAsync(problem, $"The mail server took the test to {email}.", cancellation);
    });

    private async Task<IActionResult> ChangeAsync(Func<Task<IActionResult>> change) =>
        (await authorization.AuthorizeAsync(User, Roles.MayAdminister)).Succeeded ? await change() : Forbid();

    private async Task<IActionResult> AnswerAsync(Problem? problem, string done, CancellationToken cancellation)
    {
        (Problem, Done) = (problem, problem is null ? done : null);
        if (problem is null) return RedirectToPage();
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await OnGetAsync(cancellation);
        return Page();
    }
}
