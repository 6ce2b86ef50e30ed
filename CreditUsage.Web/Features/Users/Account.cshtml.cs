using CreditUsage.Core;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Users;

/// <summary>One user, and what an Administrator can do to them. A user of another subscription is not found.</summary>
[Authorize(Roles.MayAdminister), PasswordAgain("Role", "Disable", "Enable", "Remove", "ResetTwoFactor", "Link")]
public sealed class AccountModel(UserList list, ChangeUser change, InviteUser inviteUser) : PageModel
{
    public UserRow Account { get; private set; } = null!;

    public Invitation? Invited { get; private set; }

    public SavedMeanwhile? Meanwhile { get; private set; }

    public bool IsYou => string.Equals(Account.Email, By, StringComparison.OrdinalIgnoreCase);

    [TempData]
    public string? Done { get; set; }

    private string By => User.Identity!.Name!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellation) => await FindAsync(id, cancellation) ? Page() : NotFound();

    public async Task<IActionResult> OnPostRoleAsync(Guid id, string role, string? version, CancellationToken cancellation)
    {
        try
        {
            return await ChangeAsync(id,
                () => Roles.All.Contains(role) ? change.RoleAsync(id, role, By, version, cancellation) : Task.FromResult<string?>("Choose a role from the list."),
                "Role changed. It takes effect at the next sign-in.", cancellation);
        }
        catch (SavedMeanwhileException problem)
        {
            await FindAsync(id, cancellation);
            Meanwhile = new(By: null, At: null, [new("Role", RoleNames.Of(Account.Role), RoleNames.Of(role))]);
            Refused(problem.Message);
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
    }

    public Task<IActionResult> OnPostDisableAsync(Guid id, CancellationToken cancellation) =>
        ChangeAsync(id, () => change.DisableAsync(id, By, cancellation), "User disabled.", cancellation);

    public Task<IActionResult> OnPostEnableAsync(Guid id, CancellationToken cancellation) =>
        ChangeAsync(id, () => change.EnableAsync(id, cancellation), "User enabled.", cancellation);

    public async Task<IActionResult> OnPostRemoveAsync(Guid id, CancellationToken cancellation)
    {
        if (!await FindAsync(id, cancellation)) return NotFound();
        if (await change.RemoveAsync(id, By, cancellation) is { } objection) return Refused(objection);
        TempData[nameof(IndexModel.Done)] = $"{Account.Email} was removed from this clinic.";
        return RedirectToPage("/Users/Index");
    }

    public Task<IActionResult> OnPostUnlockAsync(Guid id, CancellationToken cancellation) =>
        ChangeAsync(id, () => change.UnlockAsync(id, cancellation), "Account unlocked.", cancellation);

    public Task<IActionResult> OnPostResetTwoFactorAsync(Guid id, CancellationToken cancellation) =>
        ChangeAsync(id, () => change.ResetTwoFactorAsync(id, By, cancellation), "Two-factor sign-in reset.", cancellation);

    /// <summary>A new invitation, or a link for a forgotten password.</summary>
    public async Task<IActionResult> OnPostLinkAsync(Guid id, CancellationToken cancellation)
    {
        if (!await FindAsync(id, cancellation)) return NotFound();
        if (IsYou) return Refused("This is your own account. Use Change password instead.");
        if (Account.IsDisabled) return Refused("The account is disabled. Enable it first.");
        (Invited, var problem) = await inviteUser.AgainAsync(id, cancellation);
        return problem is null ? Page() : Refused(problem);
    }

    private async Task<IActionResult> ChangeAsync(Guid id, Func<Task<string?>> act, string done, CancellationToken cancellation)
    {
        if (!await FindAsync(id, cancellation)) return NotFound();
        if (await act() is { } objection) return Refused(objection);
        Done = done;
        return RedirectToPage(new { id });
    }

    private async Task<bool> FindAsync(Guid id, CancellationToken cancellation)
    {
        if (await list.FindAsync(id, cancellation) is not { } found) return false;
        Account = found;
        return true;
    }

    private PageResult Refused(string objection)
    {
        ModelState.AddModelError("", objection);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
