using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>
/// Browsers that a user has signed in with before, by a cookie of their own (OWASP calls it a device cookie). Others' wrong passwords do not lock them out; they have a
/// count of their own. The key is random and only its hash is stored, so that a copy of the database makes no browser known.
/// </summary>
public sealed class KnownBrowsers(CreditUsageDb db, IHttpContextAccessor http, TimeProvider clock)
{
    public const string CookieName = "CreditUsage.Browser";

    private static readonly TimeSpan GoodFor = TimeSpan.FromDays(90);

    /// <returns>Its key's hash; null where the user has not signed in with this browser, or has changed the password since.</returns>
    public async Task<string?> FindAsync(AppUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (PresentedHash(user.Id) is not { } hash) return null;
        var now = clock.GetUtcNow();
        return await db.KnownBrowsers.AnyAsync(browser => browser.KeyHash == hash && browser.UserId == user.Id && browser.ExpiresAt > now) ? hash : null;
    }

    /// <summary>After a whole sign-in: a new key takes the place of the one presented, and nothing counts against it.</summary>
    public async Task RememberAsync(string userId)
    {
        if (http.HttpContext is not { } context) return;
        var (key, now, before) = (WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32)), clock.GetUtcNow(), PresentedHash(userId));
        await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
        await db.KnownBrowsers.Where(browser => browser.ExpiresAt <= now || (browser.KeyHash == before && browser.UserId == userId)).ExecuteDeleteAsync();
        var row = new KnownBrowser { KeyHash = DatabaseTicketStore.Hash(key), UserId = userId, ExpiresAt = now + GoodFor };
        db.Add(row);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        db.Entry(row).State = EntityState.Detached;
        context.Response.Cookies.Append(NameFor(userId), key, new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            MaxAge = GoodFor,
        });
    }

    /// <summary>A right password forgets the wrong ones in the same browser, and not those of others.</summary>
    public Task ForgetTriesAsync(string hash) =>
        db.KnownBrowsers.Where(browser => browser.KeyHash == hash && browser.WrongTries > 0).ExecuteUpdateAsync(set => set.SetProperty(browser => browser.WrongTries, 0));

    public Task RevokeAsync(string userId) => db.KnownBrowsers.Where(browser => browser.UserId == userId).ExecuteDeleteAsync();

    private string? PresentedHash(string userId) =>
        http.HttpContext is { } context && context.Request.Cookies.TryGetValue(NameFor(userId), out var key) ? DatabaseTicketStore.Hash(key) : null;

    /// <summary>One for each user, since people share browsers. By https it gets its prefix with all others.</summary>
    private static string NameFor(string userId) => $"{CookieName}.{DatabaseTicketStore.Hash(userId)[..16]}";
}
