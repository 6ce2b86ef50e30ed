using System.Globalization;
using CreditUsage.Core.Jobs;
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
