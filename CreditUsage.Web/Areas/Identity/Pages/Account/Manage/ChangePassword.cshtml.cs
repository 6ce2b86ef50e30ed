using System.ComponentModel.DataAnnotations;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account.Manage;

/// <summary>A new password ends the user's other sessions at once, and makes other browsers unknown.</summary>
public sealed class ChangePasswordModel(UserManager<AppUser> users, RenewSession renew) : PageModel
{
    [BindProperty]
    public PasswordInput Input { get; set; } = new();

    public bool Changed { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || await users.GetUserAsync(User) is not { } user) return Refused();
        var result = await users.ChangePasswordAsync(user, Input.Present, Input.New);
        foreach (var error in result.Errors)
            ModelState.AddModelError(Field(error.Code), error.Code == nameof(IdentityErrorDescriber.PasswordMismatch) ? "That is not your current password." : error.Description);
        if (!result.Succeeded) return Refused();
        await renew.RunAsync(user, passwordGiven: true);
        Changed = true;
        return Page();
    }

    private static string Field(string code) => code == nameof(IdentityErrorDescriber.PasswordMismatch) ? "Input.Present" : "Input.New";

    private PageResult Refused()
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    public sealed class PasswordInput
    {
        [Required(ErrorMessage = "Enter your current password."), DataType(DataType.Password)]
        public string Present { get; init; } = "";

        [Required(ErrorMessage = "Enter a new password."), StringLength(256, ErrorMessage = "Enter a password of at most 256 characters."), DataType(DataType.Password)]
        public string New { get; init; } = "";

        [Compare(nameof(New), ErrorMessage = "The two passwords differ."), DataType(DataType.Password)]
        public string Again { get; init; } = "";
    }
}
