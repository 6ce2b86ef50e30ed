using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security.TwoFactor;

/// <summary>Holds an authenticator's code to the site's clock, and takes none twice: the last step that was accepted is kept beside the key.</summary>
public sealed class AuthenticatorCodes(CreditUsageDb db, TimeProvider clock) : IUserTwoFactorTokenProvider<AppUser>
{
    private const string Keeper = "CreditUsage";
    private const string LastStep = "LastAuthenticatorStep";

    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<AppUser> manager, AppUser user)
    {
        ArgumentNullException.ThrowIfNull(manager);
        return !string.IsNullOrEmpty(await manager.GetAuthenticatorKeyAsync(user));
    }

    /// <summary>Nothing: the code comes from the app.</summary>
    public Task<string> GenerateAsync(string purpose, UserManager<AppUser> manager, AppUser user) => Task.FromResult("");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<AppUser> manager, AppUser user)
    {
        ArgumentNullException.ThrowIfNull(manager);
        ArgumentNullException.ThrowIfNull(user);
        if (await manager.GetAuthenticatorKeyAsync(user) is not { Length: > 0 } key || Totp.StepOf(key, token, clock.GetUtcNow()) is not { } step) return false;
        var (id, taken) = (user.Id, Text(step));
        // One statement, so that of two requests with the same code one is refused.
        return await db.UserTokens.Where(row => row.UserId == id && row.LoginProvider == Keeper && row.Name == LastStep && string.Compare(row.Value, taken) < 0)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Value, taken)) == 1;
    }

    /// <summary>Begins the count anew: a code of this step or an earlier one will not do.</summary>
    internal static Task BeginAsync(UserManager<AppUser> users, AppUser user, long step) => users.SetAuthenticationTokenAsync(user, Keeper, LastStep, Text(step));

    internal static Task ForgetAsync(UserManager<AppUser> users, AppUser user) => users.RemoveAuthenticationTokenAsync(user, Keeper, LastStep);

    /// <summary>As wide as any, so that texts compare as the numbers do.</summary>
    private static string Text(long step) => step.ToString("D19", CultureInfo.InvariantCulture);
}
