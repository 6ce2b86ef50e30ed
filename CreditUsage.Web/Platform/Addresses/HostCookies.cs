using CreditUsage.Platform.Security;
using Microsoft.Net.Http.Headers;

namespace CreditUsage.Platform.Addresses;

/// <summary>
/// Every cookie of the site has the prefix __Host- where it goes by https, so that no other host of the domain can set it (RFC 6265bis). By plain http,
/// which is for this computer, browsers would refuse it.
/// </summary>
public sealed class HostCookies(RequestDelegate next)
{
    private const string Prefix = "__Host-";

    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Request.IsHttps) return next(context);
        TakePrefixed(context.Request.Headers);
        // Registered first, so it runs last, after those that still write cookies.
        context.Response.OnStarting(() =>
        {
            AddPrefix(context.Response.Headers);
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>Pair by pair as they were sent: a library's parser refuses them all for one of another site that is malformed.</summary>
    private static void TakePrefixed(IHeaderDictionary headers)
    {
        if (headers.Cookie.Count == 0) return;
        var sent = headers.Cookie.OfType<string>().SelectMany(line => line.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        var own = sent.Where(IsPrefixed).Select(pair => pair[Prefix.Length..]).ToList();
        // What another host may have written is worth nothing. That a session was there is what the sign-in page tells from it.
        if (sent.Exists(IsSession) && !own.Exists(IsSession)) own.Add(SecuritySetup.SignInCookieName + "=-");
        headers.Cookie = string.Join("; ", own);
    }

    private static void AddPrefix(IHeaderDictionary headers)
    {
        if (headers.SetCookie.Count == 0) return;
        headers.SetCookie = headers.SetCookie.Select(text => SetCookieHeaderValue.TryParse(text, out var cookie) ? Prefixed(cookie).ToString() : text).ToArray();
    }

    private static SetCookieHeaderValue Prefixed(SetCookieHeaderValue cookie)
    {
        (cookie.Name, cookie.Path, cookie.Domain, cookie.Secure) = (Prefix + cookie.Name, "/", default, true);
        return cookie;
    }

    private static bool IsPrefixed(string pair) => pair.StartsWith(Prefix, StringComparison.Ordinal);

    private static bool IsSession(string pair) => pair.Split('=')[0] == SecuritySetup.SignInCookieName;
}
