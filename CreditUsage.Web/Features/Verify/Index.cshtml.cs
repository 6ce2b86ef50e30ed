using CreditUsage.Platform.Uploads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Verify;

/// <summary>Says of a PDF whether it is one of the reports that were saved here. For whoever was sent one, so nobody needs to sign in.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken] // FileForm asks for the token itself, before it takes the file in.
[RequestSizeLimit(MaxBytes)]
public sealed class IndexModel(VerifyFile verify, FileForm form) : PageModel
{
    /// <summary>What the largest report can have, in bytes, and what a form puts around it.</summary>
    public const long MaxBytes = 257L * 1024 * 1024;

    public const string TooLarge = "The file is larger than any report that is saved here, so it is none of them.";

    public Verdict? Verdict { get; private set; }

    /// <summary>Why no file was looked at.</summary>
    public string? Problem { get; private set; }

    public void OnGet()
    {
    }

    /// <summary>Without parameters: binding any would read the form, and the file with it.</summary>
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
