using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>Ends the session on the server, so that a copied cookie is worth nothing afterwards.</summary>
[AllowAnonymous, OfNoClinic]
public sealed class LogoutModel(SignInManager<AppUser> signIn, UserManager<AppUser> users, AccountAudit audit) : PageModel
{
    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var (user, clinic) = (await users.GetUserAsync(User), AppClaims.ClinicOf(User));
        await signIn.SignOutAsync();
        if (user is not null && clinic is not null) await audit.AddAsync(user, user.Email!, AuditAction.SignOut, "", clinic);
        // Not "storage": it would make the browser forget the chosen reports folder.
        Response.Headers["Clear-Site-Data"] = "\"cache\"";
        return RedirectToPage("/Account/Login");
    }
}
