using System.Globalization;
using System.Security.Claims;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Htmx;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Enters the user's subscription, and keeps the pages of signed-in users out of every cache.</summary>
public sealed class EnterSubscription(RequestDelegate next)
{
    /// <summary>A header in which a page says which clinic it shows, where its reader has several.</summary>
    public const string Shown = "X-Clinic";

    public Task InvokeAsync(HttpContext context, CurrentSubscription current)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(current);
        if (context.User.FindFirst(AppClaims.Subscription) is { } claim)
        {
            current.Enter(int.Parse(claim.Value, CultureInfo.InvariantCulture));
            current.Actor = context.User.Identity?.Name ?? current.Actor;
            context.Response.Headers.CacheControl = "no-store";
            if (context.Request.Headers[Shown] is { Count: > 0 } shown && shown != claim.Value) return RefusePart(context);
        }
        return next(context);
    }

    /// <summary>A part for the page of another clinic, which was left in another tab: the page is loaded anew where its reader has asked for the part.</summary>
    private static Task RefusePart(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (!SecuritySetup.IsAskedByPage(context.Request)) context.Response.Headers[HtmxResponseHeaders.Keys.Refresh] = "true";
        return Task.CompletedTask;
    }
}

/// <summary>An account that opens no clinic counts as unconfirmed, which Identity checks in every way of signing in.</summary>
public sealed class EnabledAccounts(CreditUsageDb db) : IUserConfirmation<AppUser>
{
    public Task<bool> IsConfirmedAsync(UserManager<AppUser> manager, AppUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return db.Memberships.OfEverySubscription().AnyAsync(membership => membership.UserId == user.Id && membership.JoinedAt != null && membership.DisabledAt == null);
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
