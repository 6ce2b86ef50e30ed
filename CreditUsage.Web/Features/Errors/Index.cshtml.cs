using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Errors;

/// <summary>What a person sees when a page is not there or something broke: words and a reference, nothing of the inside.</summary>
[AllowAnonymous, IgnoreAntiforgeryToken]
public sealed class IndexModel : PageModel
{
    public int Status { get; private set; }

    public string Reference => HttpContext.TraceIdentifier;

    public string Heading => Status switch
    {
        StatusCodes.Status404NotFound => "Page not found",
        StatusCodes.Status400BadRequest => "That request could not be understood",
        _ => "Something went wrong",
    };

    public void OnGet(int? status) => Status = status ?? StatusCodes.Status500InternalServerError;

    public void OnPost(int? status) => OnGet(status);
}
