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

/// <summary>Counts failures, which the packaged page does not. Unknown and locked accounts get the answer and the work of a wrong password, and so do those that open no clinic unless the password is right (domain.md rule 10).</summary>
[AllowAnonymous, OutOfDateForm]
public sealed class LoginModel(
    SignInManager<AppUser> signIn, UserManager<AppUser> users, FormerHome former, ChosenClinic chosen, IPasswordHasher<AppUser> hasher, PasswordThrottle turns, AccountAudit audit, RefusedTries refused, TimeProvider clock) : PageModel
{
    public const string Refusal = "The e-mail address or the password is not right. After ten wrong passwords an account is locked until 00:00 GMT.";

    public const string NoClinic = "No clinic gives this account access now. If you are invited to one, open the link of the invitation; otherwise ask the administrator of your clinic.";

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
        if (user is not null) await former.AdoptAsync(user);
        var obstacle = await RefusalAsync(user);
        if (user is null || obstacle is not null) return await RefuseAsync(user, obstacle);
        if (!await signIn.CanSignInAsync(user)) return await RefuseClosedAsync(user);
        if (TemporaryPassword.HasLapsed(user, clock)) return await RefuseLapsedAsync(user);
        if (User.Identity is { IsAuthenticated: true }) await signIn.SignOutAsync();
        chosen.Forget();
        var result = await signIn.PasswordSignInAsync(user, Input.Password, isPersistent: false, lockoutOnFailure: true);
        if (result.RequiresTwoFactor) return RedirectToPage("/Account/SecondStep", new { returnUrl });
        if (!result.Succeeded) return Refused(Refusal);
        await audit.AddAsync(user, user.Email!, AuditAction.SignIn, "With the password");
        return LocalRedirect(LocalAddress.AfterSignIn(Request, returnUrl));
    }

    /// <summary>Null where the right password would do, and for an unknown address.</summary>
    private async Task<string?> RefusalAsync(AppUser? user) => user switch
    {
        null => null,
        { PasswordHash: null } => "The invitation has not been taken",
        _ => await users.IsLockedOutAsync(user) ? "The account is locked" : null,
    };

    /// <summary>Does the work of checking a password for an unknown address too, so that the response time reveals nothing.</summary>
    private async Task<PageResult> RefuseAsync(AppUser? user, string? obstacle)
    {
        hasher.VerifyHashedPassword(UnknownUser, s_unknownUserHash ??= hasher.HashPassword(UnknownUser, Input.Email), Input.Password);
        if (user is not null) refused.Add(user, await audit.HomeOfAsync(user), obstacle!);
        await audit.LogAnonymousFailureAsync(user);
        return Refused(Refusal);
    }

    /// <summary>Whoever has the password is told, and nobody else. A wrong one counts as any.</summary>
    private async Task<PageResult> RefuseClosedAsync(AppUser user)
    {
        var isRight = await users.CheckPasswordAsync(user, Input.Password);
        if (isRight) refused.Add(user, await audit.HomeOfAsync(user), "The account is disabled");
        else await users.AccessFailedAsync(user);
        return Refused(isRight ? NoClinic : Refusal);
    }

    /// <summary>Says so to whoever has the password, and to nobody else.</summary>
    private async Task<PageResult> RefuseLapsedAsync(AppUser user)
    {
        var isRight = (await signIn.CheckPasswordSignInAsync(user, Input.Password, lockoutOnFailure: true)).Succeeded;
        if (isRight) refused.Add(user, await audit.HomeOfAsync(user), "The password has lapsed");
        return Refused(isRight ? TemporaryPassword.Lapsed : Refusal);
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
