using CreditUsage.Platform;
using CreditUsage.Platform.Uploads;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.Verify;

/// <summary>Verifies a PDF against the saved reports. Whoever was sent one may ask, so nobody needs to sign in; who has not sends smaller files, and in less time.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken] // FileForm checks the token itself, before it reads the file.
[RequestSizeLimit(MaxBytes)]
public sealed class IndexModel(VerifyFile verify, FileForm form, IOptions<CreditUsageOptions> options) : PageModel
{
    /// <summary>In bytes: the largest report and what the form adds.</summary>
    public const long MaxBytes = 257L * Megabyte;

    private const long Megabyte = 1024 * 1024;

    private static readonly TimeSpan WithinAnonymous = TimeSpan.FromMinutes(3);

    public long MostBytes => IsAnonymous ? options.Value.Anonymous.VerifyMegabytes * Megabyte : MaxBytes;

    public string TooLarge => IsAnonymous
        ? $"The file is larger than {options.Value.Anonymous.VerifyMegabytes} MB. Sign in to verify a file this large, or ask whoever sent it."
        : "The file is larger than any saved report, so it is not one of them.";

    private bool IsAnonymous => User.Identity is not { IsAuthenticated: true };

    public Verdict? Verdict { get; private set; }

    public string? Problem { get; private set; }

    public void OnGet()
    {
    }

    /// <summary>Has no parameters: binding any would read the form, and the file with it.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        // The server refuses a longer body by its header, before it reads, and one without a length where it passes this.
        if (HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBytes;
        if (await form.ReadAsync(HttpContext, TooLarge, VerifyAsync, IsAnonymous ? WithinAnonymous : null) is { } refusal)
            (Response.StatusCode, Problem, Verdict) = (refusal.Status, refusal.Problem, null);
        return Page();
    }

    private async Task VerifyAsync(SentFile sent)
    {
        sent.RequireEnding([".pdf"], "Choose a file whose name ends in .pdf: saved reports are PDFs.");
        Verdict = await verify.RunAsync(sent.Content, HttpContext.RequestAborted);
        await sent.EndedAsync();
    }
}
