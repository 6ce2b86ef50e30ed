using System.ComponentModel.DataAnnotations;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Users;

/// <summary>Users, invitations and the two-factor setting. Auditors only read it.</summary>
[Authorize(Roles.MayAudit), PostsNeed(Roles.MayAdminister), PasswordAgain("Invite", "RequireTwoFactor")]
public sealed class IndexModel(UserList list, InviteUser inviteUser, RequireTwoFactor requireTwoFactor) : PageModel
{
    [BindProperty]
    public InviteInput Input { get; set; } = new();

    public IReadOnlyList<UserRow> Users { get; private set; } = [];

    public bool RequiresTwoFactor { get; private set; }

    [TempData]
    public string? Done { get; set; }

    /// <summary>Its link is shown this once.</summary>
    public Invitation? Invited { get; private set; }

    public Task OnGetAsync(CancellationToken cancellation) => ShowAsync(cancellation);

    public async Task<IActionResult> OnPostInviteAsync(CancellationToken cancellation)
    {
        if (ModelState.IsValid)
        {
            (Invited, var problem) = await inviteUser.RunAsync(Input.Email.Trim(), Input.Role, cancellation);
            if (problem is not null) ModelState.AddModelError("Input.Email", problem);
            else ClearForm();
        }
        if (!ModelState.IsValid) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await ShowAsync(cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostRequireTwoFactorAsync(string? required, CancellationToken cancellation)
    {
        if (!bool.TryParse(required, out var wanted)) return BadRequest();
        await requireTwoFactor.RunAsync(wanted, cancellation);
        return RedirectToPage();
    }

    private void ClearForm()
    {
        Input = new();
        ModelState.Clear();
    }

    private async Task ShowAsync(CancellationToken cancellation)
    {
        Users = await list.AllAsync(cancellation);
        RequiresTwoFactor = await requireTwoFactor.IsOnAsync(cancellation);
    }
}

public sealed class InviteInput
{
    [Required(ErrorMessage = "Enter an e-mail address."), MaxLength(256, ErrorMessage = "Enter an address of at most 256 characters.")]
    public string Email { get; init; } = "";

    [Required(ErrorMessage = "Choose a role."), AllowedValues(Roles.FinanceAdministrator, Roles.Administrator, Roles.Auditor, ErrorMessage = "Choose a role from the list.")]
    public string Role { get; init; } = Roles.FinanceAdministrator;
}
