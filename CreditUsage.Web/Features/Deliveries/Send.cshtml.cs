using CreditUsage.Core;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Deliveries;

/// <summary>Send now, or again: a closed month or a saved report, to all recipients or to one.</summary>
[Authorize(Policy = Roles.MayChange)]
public sealed class SendModel(SendByHand send, SendMail mail) : PageModel
{
    /// <summary>"2026-10".</summary>
    [BindProperty(SupportsGet = true)]
    public string? Month { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Report { get; set; }

    public SentByHand What { get; private set; } = null!;

    public Problem? Problem { get; private set; }

    public bool MailIsSetUp => mail.IsSetUp;

    [TempData]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation) => await LoadAsync(cancellation) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(int? to, CancellationToken cancellation)
    {
        if (!await LoadAsync(cancellation)) return NotFound();
        try
        {
            if (!mail.IsSetUp) throw new UserFacingException("This server does not send e-mail.");
            var people = await send.RunAsync(What, to, cancellation);
            Done = $"{What.Title} is being sent to {Display.Count(people, "recipient", "recipients")}. The log below shows the outcome.";
            return RedirectToPage("Index");
        }
        catch (UserFacingException problem)
        {
            (Problem, Response.StatusCode) = (new Problem("to", problem.Message), StatusCodes.Status422UnprocessableEntity);
            return Page();
        }
    }

    private async Task<bool> LoadAsync(CancellationToken cancellation)
    {
        var month = UsageMonth.TryParse(Month, out var known) ? known : (UsageMonth?)null;
        if (await send.FindAsync(month, Report, cancellation) is not { } what) return false;
        What = what;
        return true;
    }
}
