using System.ComponentModel.DataAnnotations;
using CreditUsage.Core.People;
using CreditUsage.Platform.Mail;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>Has a link for a new password mailed. The answer is the same whether the address has an account or not.</summary>
[AllowAnonymous, OutOfDateForm]
public sealed class ForgotPasswordModel(ForgottenPasswords forgotten, SendMail mail) : PageModel
{
    [BindProperty, Required(ErrorMessage = "Enter your e-mail address."), EmailAddress(ErrorMessage = "Enter an e-mail address such as name@clinic.example."), MaxLength(256, ErrorMessage = "Enter an address of at most 256 characters.")]
    public string Email { get; set; } = "";

    public bool MailIsSetUp => mail.IsSetUp;

    /// <summary>The address that the link goes to, if it has an account; null before it was asked for.</summary>
    public string? Asked { get; private set; }

    public void OnGet() => ModelState.Clear();

    public IActionResult OnPost()
    {
        if (!mail.IsSetUp) return Page();
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }
        forgotten.Ask(Email);
        Asked = Email;
        return Page();
    }
}
