using System.ComponentModel.DataAnnotations;
using CreditUsage.Core.People;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>
/// Takes an invitation to a clinic, or sets a password by a link for a forgotten one. The link works once. It looks the same whether the address has an account: whoever invited may open it too.
/// </summary>
[AllowAnonymous, OfNoClinic]
public sealed class AcceptInvitationModel(
    CreditUsageDb db, InvitationLinks links, AppUserManager users, RenewSession renew, IServiceScopeFactory scopes, AccountAudit audit) : PageModel
{
    public const string WrongPassword = "That is not the password of your account, or the account is locked. If you have none yet, choose one below.";

    public const string HasPassword = "This address has an account already. Enter its password above, or use Forgotten password on the sign-in page.";

    [BindProperty]
    public PasswordInput Input { get; set; } = new();

    public InvitationState State { get; private set; }

    public string Email { get; private set; } = "";

    /// <summary>What the link invites to; null where it sets another password.</summary>
    public InvitedMember? Invited { get; private set; }

    /// <summary>Whether the invitation is to whoever is signed in here.</summary>
    public bool IsYou { get; private set; }

    /// <summary>Whether the password that the session began with is too long ago.</summary>
    public bool AsksPassword { get; private set; }

    public bool Done { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? code, CancellationToken cancellation)
    {
        await ReadAsync(code, cancellation);
        ModelState.Clear();
        return Page();
    }

    /// <summary>With a new password.</summary>
    public async Task<IActionResult> OnPostAsync(string? code, CancellationToken cancellation)
    {
        if (await ReadAsync(code, cancellation) is not { User: { } user } opened) return Page();
        if (!ModelState.IsValid) return Refused();
        var result = opened.InvitedTo is { } clinic ? await JoinAsync(user, code!, clinic, Input.New, cancellation) : await ResetAsync(opened, Input.New);
        // Somebody else has used the link at the same moment: the page says so.
        if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure))) return RedirectToPage(new { code });
        foreach (var error in result.Errors)
            ModelState.AddModelError("Input.New", error.Code == nameof(IdentityErrorDescriber.UserAlreadyHasPassword) ? HasPassword : error.Description);
        if (!result.Succeeded) return Refused();
        Done = true;
        return Page();
    }

    /// <summary>With the account that the invited person has already.</summary>
    public async Task<IActionResult> OnPostAcceptAsync(string? code, string? password, CancellationToken cancellation)
    {
        ModelState.Clear();
        if (await ReadAsync(code, cancellation) is not { User: { } user, InvitedTo: { } clinic }) return Page();
        if ((!IsYou || AsksPassword) && !await users.ConfirmPasswordAsync(user, password ?? ""))
        {
            ModelState.AddModelError("password", WrongPassword);
            return Refused();
        }
        if (!(await JoinAsync(user, code!, clinic, newPassword: null, cancellation)).Succeeded) return RedirectToPage(new { code });
        if (IsYou) await renew.RunAsync(user, passwordGiven: AsksPassword);
        Done = true;
        return Page();
    }

    private async Task<IdentityResult> JoinAsync(AppUser user, string code, int clinic, string? newPassword, CancellationToken cancellation)
    {
        var session = IsYou ? await CurrentSession.KeyHashAsync(HttpContext) : null;
        return await scopes.InSubscriptionAsync(clinic, services => services.GetRequiredService<JoinClinic>().RunAsync(code, newPassword, session, cancellation), user.Email);
    }

    /// <summary>The link is used when the password is saved, in the same transaction.</summary>
    private async Task<IdentityResult> ResetAsync(OpenedLink opened, string password)
    {
        var user = opened.User!;
        user.EmailConfirmed = true;
        opened.Link!.UsedAt = HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var result = await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), password);
        if (result.Succeeded) await audit.AddAsync(user, user.Email!, AuditAction.User, "New password set by a link");
        return result;
    }

    private async Task<OpenedLink?> ReadAsync(string? code, CancellationToken cancellation)
    {
        var opened = await links.ReadAsync(code, cancellation);
        State = opened.State;
        if (opened.User is not { } user)
        {
            Response.StatusCode = State == InvitationState.NotOurs ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
            return null;
        }
        if (opened.InvitedTo is { } clinic)
            Invited = await (from membership in db.Memberships.AsNoTracking().OfEverySubscription()
                             where membership.UserId == user.Id && membership.SubscriptionId == clinic
                             join subscription in db.Subscriptions on membership.SubscriptionId equals subscription.Id
                             select new InvitedMember(subscription.Name, membership.Role, membership.InvitedBy, membership.InvitedAs)).SingleAsync(cancellation);
        Email = Invited?.Address ?? user.Email!;
        IsYou = users.GetUserId(User) == user.Id;
        AsksPassword = !IsYou || !await LastPassword.IsRecentAsync(HttpContext);
        return opened;
    }

    private PageResult Refused()
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    public sealed record InvitedMember(string Clinic, string Role, string? By, string? Address);

    public sealed class PasswordInput
    {
        [Required(ErrorMessage = "Enter a password."), StringLength(256, ErrorMessage = "Enter a password of at most 256 characters."), DataType(DataType.Password)]
        public string New { get; init; } = "";

        [Compare(nameof(New), ErrorMessage = "This is not the password above."), DataType(DataType.Password)]
        public string Again { get; init; } = "";
    }
}
