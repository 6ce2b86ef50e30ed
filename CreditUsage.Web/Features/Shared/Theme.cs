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
        if (theme is "light" or "dark")
            context.Response.Cookies.Append(Cookie, theme, new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Lax });
        else
            context.Response.Cookies.Delete(Cookie);
        return TypedResults.Redirect(LocalAddress.OrHome(returnUrl));
    }
}
