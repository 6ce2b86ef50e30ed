using System.Globalization;
using System.Text;
using CreditUsage.Core.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Shared;

internal static class Answers
{
    /// <summary>Answers 503 with Retry-After; returns the message for the page.</summary>
    public static string TryLater(this PageModel page, TooManyReportsException problem)
    {
        page.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        page.Response.Headers.RetryAfter = TooManyReportsException.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return problem.Message;
    }
}

internal static class SeeOtherResult
{
    /// <param name="address">Within the site.</param>
    public static StatusCodeResult SeeOther(this PageModel page, string address)
    {
        page.Response.Headers.Location = page.Request.PathBase + address;
        return page.StatusCode(StatusCodes.Status303SeeOther);
    }
}

/// <summary>Addresses of this site that a form may redirect to.</summary>
public static class LocalAddress
{
    /// <summary>Home for another site's address, or one that a header cannot hold.</summary>
    public static string OrHome(string? address) => address is not null && Ascii.IsValid(address) && RedirectHttpResult.IsLocalUrl(address) ? address : "~/dashboard";

    /// <summary>Where a sign-in leads. Whoever opened the site's start asked for no page in particular.</summary>
    public static string AfterSignIn(HttpRequest request, string? address)
    {
        ArgumentNullException.ThrowIfNull(request);
        return OrHome(address == request.PathBase + "/" ? null : address);
    }
}
