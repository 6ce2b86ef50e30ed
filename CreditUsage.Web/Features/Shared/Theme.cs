using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Features.Shared;

/// <summary>Light or dark: the system's choice unless a cookie says otherwise; rendered by the server.</summary>
public static class Theme
{
    private const string Cookie = "CreditUsage.Theme";

    public static readonly IReadOnlyList<string> Choices = ["System", "Light", "Dark"];

    /// <summary>"light", "dark", or null for the system's choice.</summary>
    public static string? Of(HttpContext context) => context?.Request.Cookies[Cookie] is "light" or "dark" ? context.Request.Cookies[Cookie] : null;

    public static RedirectHttpResult Choose([FromForm] string theme, [FromForm] string returnUrl, HttpContext context)
    {
        PreferenceCookie.Set(context, Cookie, theme is "light" or "dark" ? theme : null, PreferenceCookie.Year);
        return TypedResults.Redirect(LocalAddress.OrHome(returnUrl));
    }
}

/// <summary>Keys without Ctrl or Alt that act on the page. Whoever uses speech input needs them off (WCAG 2.1.4).</summary>
public static class KeyboardShortcuts
{
    private const string Cookie = "CreditUsage.Keys", Off = "off";

    public static bool AreOn(HttpContext context) => context?.Request.Cookies[Cookie] != Off;

    public static RedirectHttpResult Choose([FromForm] string keys, [FromForm] string returnUrl, HttpContext context)
    {
        PreferenceCookie.Set(context, Cookie, keys == Off ? Off : null, PreferenceCookie.Year);
        return TypedResults.Redirect(LocalAddress.OrHome(returnUrl));
    }
}

internal static class PreferenceCookie
{
    public static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <param name="value">Null deletes the cookie.</param>
    public static void Set(HttpContext context, string name, string? value, TimeSpan lasts)
    {
        if (value is null) context.Response.Cookies.Delete(name);
        else context.Response.Cookies.Append(name, value, new CookieOptions { MaxAge = lasts, HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Lax });
    }
}
