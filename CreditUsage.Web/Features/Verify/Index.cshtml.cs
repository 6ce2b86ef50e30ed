using CreditUsage.Platform.Uploads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Verify;

/// <summary>Verifies a PDF against the saved reports. Whoever was sent one may ask, so nobody needs to sign in.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken] // FileForm checks the token itself, before it reads the file.
[RequestSizeLimit(MaxBytes)]
public sealed class IndexModel(VerifyFile verify, FileForm form) : PageModel
{
    /// <summary>In bytes: the largest report and what the form adds.</summary>
    public const long MaxBytes = 257L * 1024 * 1024;

    public const string TooLarge = "The file is larger than any report that is saved here, so it is none of them.";

    public Verdict? Verdict { get; private set; }

    public string? Problem { get; private set; }

    public void OnGet()
    {
    }

    /// <summary>Has no parameters: binding any would read the form, and the file with it.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (await form.ReadAsync(HttpContext, TooLarge, VerifyAsync) is { } refusal)
            (Response.StatusCode, Problem, Verdict) = (refusal.Status, refusal.Problem, null);
        return Page();
    }

    private async Task VerifyAsync(SentFile sent)
    {
        Verdict = await verify.RunAsync(sent.Content, HttpContext.RequestAborted);
        await sent.EndedAsync();
    }
}
