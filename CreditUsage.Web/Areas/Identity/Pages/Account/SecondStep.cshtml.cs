using System.ComponentModel.DataAnnotations;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>Wrong codes count with wrong passwords (domain.md rule 10).</summary>
[AllowAnonymous, OutOfDateForm]
public sealed class SecondStepModel(SignInManager<AppUser> signIn, PasswordThrottle turns, AccountAudit audit) : PageModel
{
    public const string Refusal = "That code is not right, or has been used. Enter the one that your app shows now. After ten wrong ones an account is locked until 00:00 GMT.";

    [BindProperty]
    [Required(ErrorMessage = "Enter the code that your app shows."), MaxLength(20, ErrorMessage = "Enter the six digits that your app shows.")]
    public string Code { get; set; } = "";

    public string? ReturnUrl { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? returnUrl)
    {
        ReturnUrl = returnUrl;
        return await signIn.GetTwoFactorAuthenticationUserAsync() is null ? RedirectToPage("/Account/Login", new { returnUrl }) : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? returnUrl)
    {
        ReturnUrl = returnUrl;
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { } user) return RedirectToPage("/Account/Login", new { returnUrl });
        if (!ModelState.IsValid) return Refused();
        using var turn = await turns.EnterAsync(user.NormalizedEmail!);
        var result = await signIn.TwoFactorAuthenticatorSignInAsync(Totp.WithoutGaps(Code), isPersistent: false, rememberClient: false);
        if (!result.Succeeded) return Refused(Refusal);
        await audit.AddAsync(user, user.Email!, AuditAction.SignIn, "With the password and a code");
        return LocalRedirect(LocalAddress.AfterSignIn(Request, returnUrl));
    }

    private PageResult Refused(string? because = null)
    {
        if (because is not null) ModelState.AddModelError(nameof(Code), because);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
