using System.Globalization;
using System.Text;
using CreditUsage.Core.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Shared;

/// <summary>What pages answer that ask for reports in the background.</summary>
internal static class Answers
{
    /// <summary>503, and when to try again.</summary>
    /// <returns>Why, in words for the page.</returns>
    public static string TryLater(this PageModel page, TooManyReportsException problem)
    {
        page.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        page.Response.Headers.RetryAfter = TooManyReportsException.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return problem.Message;
    }
}

/// <summary>The answer to a form that was taken.</summary>
internal static class SeeOtherResult
{
    /// <summary>303: the answer is to be had by GET over there.</summary>
    public static StatusCodeResult SeeOther(this PageModel page, string address)
    {
        page.Response.Headers.Location = address;
        return page.StatusCode(StatusCodes.Status303SeeOther);
    }
}

/// <summary>Where a form may send somebody afterwards: addresses of this site, as a browser writes them.</summary>
public static class LocalAddress
{
    /// <summary>The address, or the site's start for one that is another site's or that a header cannot hold.</summary>
    public static string OrHome(string? address) => address is not null && Ascii.IsValid(address) && RedirectHttpResult.IsLocalUrl(address) ? address : "/";
}
