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

/// <summary>Each recovery code works once. Identity does not count wrong ones, so this page does.</summary>
[AllowAnonymous, OutOfDateForm]
public sealed class RecoveryCodeModel(SignInManager<AppUser> signIn, UserManager<AppUser> users, PasswordThrottle turns, AccountAudit audit) : PageModel
{
    public const string Refusal = "That recovery code is not right, or has been used. Enter another. After ten wrong ones an account is locked until 00:00 GMT.";

    [BindProperty]
    [Required(ErrorMessage = "Enter a recovery code."), MaxLength(40, ErrorMessage = "Enter one recovery code.")]
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
        if (!await signIn.CanSignInAsync(user) || await users.IsLockedOutAsync(user)) return Refused(Refusal);
        if (!(await signIn.TwoFactorRecoveryCodeSignInAsync(Code.Trim().ToUpperInvariant())).Succeeded)
        {
            await users.AccessFailedAsync(user);
            return Refused(Refusal);
        }
        await audit.AddAsync(user, user.Email!, AuditAction.SignIn, "With the password and a recovery code");
        return LocalRedirect(LocalAddress.AfterSignIn(Request, returnUrl));
    }

    private PageResult Refused(string? because = null)
    {
        if (because is not null) ModelState.AddModelError(nameof(Code), because);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
