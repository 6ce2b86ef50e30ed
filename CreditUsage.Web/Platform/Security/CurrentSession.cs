using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

/// <summary>The session of a request: which one it is, and when it ends.</summary>
public static class CurrentSession
{
    /// <summary>Items of a ticket's properties.</summary>
    private const string KeyHash = "session", Latest = "latest";

    /// <returns>The key's hash of the session that began in this request, else of the one that it came with.</returns>
    public static async Task<string?> KeyHashAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items[typeof(CurrentSession)] as string ?? (await PropertiesAsync(context))?.GetString(KeyHash);
    }

    /// <returns>
    /// Seconds until the session ends where nothing more is asked for; null where nobody is signed in. Never too few: a page that asked before the end would prolong the session.
    /// </returns>
    public static async Task<int?> SecondsLeftAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.User.HasClaim(claim => claim.Type == AppClaims.Subscription)) return null;
        var left = SecuritySetup.IdleLimit;
        if (long.TryParse((await PropertiesAsync(context))?.GetString(Latest), NumberStyles.None, CultureInfo.InvariantCulture, out var latest)
            && DateTimeOffset.FromUnixTimeSeconds(latest) - context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() is var rest && rest < left) left = rest;
        return Math.Max(1, (int)Math.Ceiling(left.TotalSeconds) + 1);
    }

    internal static void Begin(HttpContext? context, string keyHash) => context?.Items[typeof(CurrentSession)] = keyHash;

    /// <param name="latest">It ends then, even when in use.</param>
    internal static void Set(AuthenticationProperties properties, string keyHash, DateTimeOffset latest)
    {
        properties.SetString(KeyHash, keyHash);
        properties.SetString(Latest, latest.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<AuthenticationProperties?> PropertiesAsync(HttpContext context) => (await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Properties;
}
