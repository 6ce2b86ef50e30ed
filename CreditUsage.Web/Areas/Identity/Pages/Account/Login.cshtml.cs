using System.ComponentModel.DataAnnotations;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>
/// Sign-in. The packaged page counts no failures; this one does. Whether an address is unknown, a password wrong or an account
/// locked, the answer and the work are the same (domain.md rule 10).
/// </summary>
[AllowAnonymous]
public sealed class LoginModel(SignInManager<AppUser> signIn, UserManager<AppUser> users, IPasswordHasher<AppUser> hasher, PasswordTurns turns) : PageModel
{
    public const string Refusal = "The e-mail address or the password is not right. After ten wrong passwords an account is locked until 00:00 GMT.";

    private static readonly AppUser Nobody = new() { SubscriptionId = 0 };
    private static string? s_nobodysHash;

    [BindProperty]
    public LoginInput Input { get; set; } = new();

    public string? ReturnUrl { get; private set; }

    public void OnGet(string? returnUrl) => ReturnUrl = returnUrl;

    public async Task<IActionResult> OnPostAsync(string? returnUrl)
    {
        ReturnUrl = returnUrl;
        if (!ModelState.IsValid) return Refused();
        using var turn = await turns.EnterAsync(Input.Email.ToUpperInvariant());
        var user = Ascii.IsValid(Input.Email) ? await users.FindByEmailAsync(Input.Email) : null;
        if (user is null || await users.IsLockedOutAsync(user))
        {
            // As much work as for a known address, so that the time tells nothing.
            hasher.VerifyHashedPassword(Nobody, s_nobodysHash ??= hasher.HashPassword(Nobody, Input.Email), Input.Password);
            return Refused(Refusal);
        }
        if (User.Identity is { IsAuthenticated: true }) await signIn.SignOutAsync();
        var result = await signIn.PasswordSignInAsync(user, Input.Password, isPersistent: false, lockoutOnFailure: true);
        if (!result.Succeeded) return Refused(Refusal);
        return LocalRedirect(LocalAddress.OrHome(returnUrl));
    }

    private PageResult Refused(string? because = null)
    {
        if (because is not null) ModelState.AddModelError("", because);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    public sealed class LoginInput
    {
        [Required(ErrorMessage = "Enter your e-mail address."), MaxLength(256, ErrorMessage = "Enter an address of at most 256 characters.")]
        public string Email { get; init; } = "";

        [Required(ErrorMessage = "Enter your password."), DataType(DataType.Password), MaxLength(256, ErrorMessage = "Enter a password of at most 256 characters.")]
        public string Password { get; init; } = "";
    }
}
