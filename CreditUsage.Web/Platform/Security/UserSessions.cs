using System.Globalization;
using System.Security.Claims;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

public static class UserSessions
{
    /// <summary>Ends every session of a user at once: each cookie, copied ones too, is refused at its next request.</summary>
    public static Task EndSessionsAsync(this CreditUsageDb db, string userId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.SignInSessions.Where(session => session.UserId == userId).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Ends those that are in one clinic.</summary>
    public static Task EndSessionsAsync(this CreditUsageDb db, string userId, int clinic, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.SignInSessions.Where(session => session.UserId == userId && (session.ClinicId == clinic || session.ClinicId == null)).ExecuteDeleteAsync(cancellation);
    }
}

/// <summary>Gives the session of this request a new key, so that a cookie that was copied before is worth nothing after.</summary>
public sealed class RenewSession(SignInManager<AppUser> signIn, KnownBrowsers browsers, TimeProvider clock)
{
    /// <param name="passwordGiven">In this request.</param>
    /// <param name="method">How the user is signed in from now on; when null, as before.</param>
    public async Task RunAsync(AppUser user, bool passwordGiven, string? method = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        var context = signIn.Context;
        var methods = method is null ? context.User.FindAll(SecondFactor.Method).ToList() : [new Claim(SecondFactor.Method, method)];
        var given = passwordGiven ? clock.GetUtcNow() : await LastPassword.OfAsync(context);
        var properties = new AuthenticationProperties();
        LastPassword.Set(context, properties, given);
        // Signing in alone would keep the key.
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        await signIn.SignInWithClaimsAsync(user, properties, methods);
        if (passwordGiven) await browsers.RememberAsync(user.Id);
    }
}

/// <summary>Forgets the handlers of a request when a session is ended in it: the one that ended it would sign in again under the old key.</summary>
public sealed class RequestHandlers(IAuthenticationSchemeProvider schemes) : IAuthenticationHandlerProvider
{
    private AuthenticationHandlerProvider _handlers = new(schemes);

    public Task<IAuthenticationHandler?> GetHandlerAsync(HttpContext context, string authenticationScheme) => _handlers.GetHandlerAsync(context, authenticationScheme);

    internal static Task OnSigningOutAsync(CookieSigningOutContext context)
    {
        var request = (RequestHandlers)context.HttpContext.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        request.Forget();
        return Task.CompletedTask;
    }

    private void Forget() => _handlers = new(schemes);
}

/// <summary>When the password of a session was last given, which its ticket keeps.</summary>
public static class LastPassword
{
    /// <summary>What changes who may do what asks for it again after this.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    private const string Item = "password";

    public static async Task<bool> IsRecentAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - await OfAsync(context) <= GoodFor;
    }

    /// <summary>Long ago for a session that began before this was kept.</summary>
    internal static async Task<DateTimeOffset> OfAsync(HttpContext context)
    {
        // Of this request, whose cookie is that of the session before.
        if (context.Items.TryGetValue(typeof(LastPassword), out var given)) return (DateTimeOffset)given!;
        var session = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        return long.TryParse(session.Properties?.GetString(Item), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch;
    }

    internal static void Set(HttpContext context, AuthenticationProperties properties, DateTimeOffset at)
    {
        context.Items[typeof(LastPassword)] = at;
        properties.SetString(Item, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A new sign-in, by whichever page: the password has just been given, in a browser that is known from now on.</summary>
    internal static async Task OnSigningInAsync(CookieSigningInContext context)
    {
        if (context.Properties.GetString(Item) is not null) return;
        var services = context.HttpContext.RequestServices;
        Set(context.HttpContext, context.Properties, services.GetRequiredService<TimeProvider>().GetUtcNow());
        await services.GetRequiredService<KnownBrowsers>().RememberAsync(context.Principal!.FindFirstValue(ClaimTypes.NameIdentifier)!);
    }
}
