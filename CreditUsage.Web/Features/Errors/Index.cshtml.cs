using System.Globalization;
using CreditUsage.Platform.Observability;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.Errors;

/// <summary>Shows a message and a reference id, and nothing internal.</summary>
[AllowAnonymous, IgnoreAntiforgeryToken, IndexModel.ReadsNoForm]
public sealed class IndexModel : PageModel
{
    public int Status { get; private set; }

    /// <summary>What went wrong and what to do, where the failure says it.</summary>
    public string? Message => ReferencedErrors.MessageOf(HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error);

    public bool WasOfAnotherClinic => FormOfClinic.WasOfAnother(HttpContext);

    public string Reference => HttpContext.TraceIdentifier;

    /// <summary>As the answer's header says.</summary>
    public int RetryAfterSeconds => int.TryParse(Response.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 5;

    public string Heading => Status switch
    {
        _ when Message == ReferencedErrors.Unreachable => "The database cannot be reached",
        _ when Message is not null => "The data cannot be trusted",
        _ when WasOfAnotherClinic => "You are in another clinic now",
        StatusCodes.Status404NotFound => "Page not found",
        StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType => "Request not understood",
        StatusCodes.Status413PayloadTooLarge => "That is too large",
        StatusCodes.Status429TooManyRequests => "Too many requests",
        StatusCodes.Status503ServiceUnavailable => "The server is busy",
        StatusCodes.Status507InsufficientStorage => "The server's disk is full",
        _ => "Something went wrong",
    };

    public void OnGet(int? status) => Status = status ?? Response.StatusCode;

    public void OnPost(int? status) => OnGet(status);

    /// <summary>The form of the failed request may be what was refused, and reading a refused form throws.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    private sealed class ReadsNoFormAttribute : Attribute, IResourceFilter
    {
        public void OnResourceExecuting(ResourceExecutingContext context)
        {
            foreach (var source in context.ValueProviderFactories.Where(source => source is not RouteValueProviderFactory).ToList())
                context.ValueProviderFactories.Remove(source);
        }

        public void OnResourceExecuted(ResourceExecutedContext context)
        {
        }
    }
}
