using System.Globalization;
using System.Security.Claims;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

/// <summary>Enters the user's subscription, and keeps the pages of signed-in users out of every cache.</summary>
public sealed class EnterSubscription(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context, CurrentSubscription current)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(current);
        if (context.User.FindFirst(AppClaims.Subscription) is { } claim)
        {
            current.Enter(int.Parse(claim.Value, CultureInfo.InvariantCulture));
            current.Actor = context.User.Identity?.Name ?? current.Actor;
            context.Response.Headers.CacheControl = "no-store";
        }
        return next(context);
    }
}

/// <summary>A disabled account counts as unconfirmed, which Identity checks in every way of signing in.</summary>
public sealed class EnabledAccounts : IUserConfirmation<AppUser>
{
    public Task<bool> IsConfirmedAsync(UserManager<AppUser> manager, AppUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult(user.DisabledAt is null);
    }
}

/// <summary>A wrong password here counts as it does at the sign-in (domain.md rule 10), and a right one gives the session a new key.</summary>
public sealed class ConfirmPassword(AppUserManager users, RenewSession renew)
{
    private const int MaxCharacters = 256;

    public async Task<bool> IsRightAsync(ClaimsPrincipal who, string? password)
    {
        if (password is not { Length: > 0 and <= MaxCharacters } || await users.GetUserAsync(who) is not { } user || !await users.ConfirmPasswordAsync(user, password)) return false;
        await renew.RunAsync(user, passwordGiven: true);
        return true;
    }
}
