using System.ComponentModel.DataAnnotations;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>Sets a password from an invitation or a link for a forgotten password. The link works once.</summary>
[AllowAnonymous]
public sealed class AcceptInvitationModel(InvitationLinks links, UserManager<AppUser> users, AccountAudit audit) : PageModel
{
    [BindProperty]
    public PasswordInput Input { get; set; } = new();

    public InvitationState State { get; private set; }

    public string Email { get; private set; } = "";

    public bool Done { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? code, CancellationToken cancellation)
    {
        await ReadAsync(code, cancellation);
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? code, CancellationToken cancellation)
    {
        if (await ReadAsync(code, cancellation) is not { } user) return Page();
        if (!ModelState.IsValid) return Refused();
        var isNew = user.PasswordHash is null;
        user.EmailConfirmed = true;
        await links.UseAsync(code!, cancellation);
        var result = await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), Input.New);
        // Somebody else has used the link at the same moment: the page says so.
        if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure))) return RedirectToPage(new { code });
        foreach (var error in result.Errors) ModelState.AddModelError("Input.New", error.Description);
        if (!result.Succeeded) return Refused();
        await audit.AddAsync(user, user.Email!, AuditAction.User, isNew ? "Invitation taken, password set" : "New password set by a link");
        Done = true;
        return Page();
    }

    private async Task<AppUser?> ReadAsync(string? code, CancellationToken cancellation)
    {
        (var user, State) = await links.ReadAsync(code, cancellation);
        if (user is null) Response.StatusCode = State == InvitationState.NotOurs ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
        Email = user?.Email ?? "";
        return user;
    }

    private PageResult Refused()
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    public sealed class PasswordInput
    {
        [Required(ErrorMessage = "Enter a password."), StringLength(256, ErrorMessage = "Enter a password of at most 256 characters."), DataType(DataType.Password)]
        public string New { get; init; } = "";

        [Compare(nameof(New), ErrorMessage = "This is not the password above."), DataType(DataType.Password)]
        public string Again { get; init; } = "";
    }
}
