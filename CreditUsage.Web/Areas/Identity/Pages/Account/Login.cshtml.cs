using System.ComponentModel.DataAnnotations;
using System.Text;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>
/// Sign-in. The packaged page counts no failures; this one does. Whether an address is unknown, a password wrong or an account
/// locked or disabled, the answer and the work are the same (domain.md rule 10).
/// </summary>
[AllowAnonymous]
public sealed class LoginModel(
    SignInManager<AppUser> signIn, UserManager<AppUser> users, IPasswordHasher<AppUser> hasher, PasswordThrottle turns, AccountAudit audit) : PageModel
{
    public const string Refusal = "The e-mail address or the password is not right. After ten wrong passwords an account is locked until 00:00 GMT.";
    private static readonly AppUser UnknownUser = new() { SubscriptionId = 0 };
    private static string? s_unknownUserHash;

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
        var obstacle = await RefusalAsync(user);
        if (user is null || obstacle is not null) return await RefuseAsync(user, obstacle);
        if (User.Identity is { IsAuthenticated: true }) await signIn.SignOutAsync();
        var result = await signIn.PasswordSignInAsync(user, Input.Password, isPersistent: false, lockoutOnFailure: true);
        if (result.RequiresTwoFactor) return RedirectToPage("/Account/SecondStep", new { returnUrl });
        if (!result.Succeeded) return Refused(Refusal);
        await audit.AddAsync(user, user.Email!, AuditAction.SignIn, "With the password");
        return LocalRedirect(LocalAddress.OrHome(returnUrl));
    }

    /// <summary>Why even the right password would not do; null when it would, and for nobody.</summary>
    private async Task<string?> RefusalAsync(AppUser? user) => user switch
    {
        null => null,
        { DisabledAt: not null } => "The account is disabled",
        { PasswordHash: null } => "The invitation has not been taken",
        _ => await users.IsLockedOutAsync(user) ? "The account is locked" : null,
    };

    /// <summary>With as much work as for a known address and a wrong password, so that the time tells nothing.</summary>
    private async Task<PageResult> RefuseAsync(AppUser? user, string? obstacle)
    {
        hasher.VerifyHashedPassword(UnknownUser, s_unknownUserHash ??= hasher.HashPassword(UnknownUser, Input.Email), Input.Password);
        await (user is null ? audit.LogAnonymousFailureAsync() : audit.AddAsync(user, AccountAudit.Anonymous, AuditAction.SignInFailed, obstacle!));
        return Refused(Refusal);
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
