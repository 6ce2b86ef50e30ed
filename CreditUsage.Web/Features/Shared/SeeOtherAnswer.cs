using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Shared;

/// <summary>The answer to a form that was taken.</summary>
internal static class SeeOtherAnswer
{
    /// <summary>303: the answer is to be had by GET over there.</summary>
    public static StatusCodeResult SeeOther(this PageModel page, string address)
    {
        page.Response.Headers.Location = address;
        return page.StatusCode(StatusCodes.Status303SeeOther);
    }
}
