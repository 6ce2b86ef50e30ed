using CreditUsage.Domain.People;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Areas.Identity.Pages.Account.Manage;

[PasswordAgain("On")]
public sealed class TwoFactorModel(AppUserManager users, RenewSession renew, SwitchTwoFactor twoFactor, IDataProtectionProvider protection, TimeProvider clock) : PageModel
{
    public AppUser Account { get; private set; } = null!;

    public AuthenticatorKey Key { get; private set; } = null!;

    public int CodesLeft { get; private set; }

    /// <summary>Shown only once, right after they were made.</summary>
    public IReadOnlyList<string> NewCodes { get; private set; } = [];

    public bool IsRequired => User.HasClaim(claim => claim.Type == SecondFactor.Required);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (await users.GetUserAsync(User) is { } user) Account = user;
        else context.Result = Challenge();
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostOnAsync(string? key, string? code, CancellationToken cancellation)
    {
        if (Account.TwoFactorEnabled) return RedirectToPage();
        if (AuthenticatorKey.Open(protection, Account, key) is not { } carried) return await RefusedAsync("code", "This form has expired. Scan the new QR code.");
        Key = carried;
        if (Totp.StepOf(carried.Base32, code ?? "", clock.GetUtcNow()) is not { } step) return await RefusedAsync("code", "That code is wrong. Enter the code your app shows now.");
        NewCodes = await twoFactor.OnAsync(Account, carried.Base32, step, cancellation);
        await renew.RunAsync(Account, passwordGiven: false, SecondFactor.Both);
        return await ShowAsync();
    }

    public Task<IActionResult> OnPostRecoveryCodesAsync(string? codesPassword, CancellationToken cancellation) => WithPasswordAsync("codesPassword", codesPassword, async () =>
    {
        NewCodes = await twoFactor.NewRecoveryCodesAsync(Account, cancellation);
        await renew.RunAsync(Account, passwordGiven: true);
        return await ShowAsync();
    });

    public Task<IActionResult> OnPostOffAsync(string? offPassword, CancellationToken cancellation) => WithPasswordAsync("offPassword", offPassword, async () =>
    {
        await twoFactor.OffAsync(Account, cancellation);
        await renew.RunAsync(Account, passwordGiven: true, SecondFactor.PasswordAlone);
        return RedirectToPage();
    });

    private async Task<IActionResult> WithPasswordAsync(string field, string? password, Func<Task<IActionResult>> act)
    {
        if (!Account.TwoFactorEnabled) return RedirectToPage();
        return await users.ConfirmPasswordAsync(Account, password ?? "") ? await act() : await RefusedAsync(field, "That is not your password.");
    }

    private Task<IActionResult> RefusedAsync(string field, string because)
    {
        ModelState.AddModelError(field, because);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return ShowAsync();
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (Account.TwoFactorEnabled) CodesLeft = await users.CountRecoveryCodesAsync(Account);
        else Key ??= AuthenticatorKey.New(protection, Account, users.GenerateNewAuthenticatorKey());
        return Page();
    }
}
