using CreditUsage.Features.Shared;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace CreditUsage.Areas.Identity.Pages.Account;

/// <summary>A form of the sign-in whose token is no more: somebody signed in in another tab meanwhile, or the site's keys are new. Leads on, or to a fresh form that says so, instead of answering 400.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutOfDateFormAttribute : Attribute, IAlwaysRunResultFilter
{
    /// <summary>In the address of a sign-in page that is shown once more.</summary>
    public const string Again = "again";

    private const string TokenField = "__RequestVerificationToken";

    public void OnResultExecuting(ResultExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var http = context.HttpContext;
        // Null where the form could not be read. One that never had a token is not ours.
        if (context.Result is not IAntiforgeryValidationFailedResult || http.Features.Get<IFormFeature>()?.Form is not { } form || !form.ContainsKey(TokenField)) return;
        var returnUrl = http.Request.Query["returnUrl"].ToString() is { Length: > 0 } wanted ? wanted : null;
        var isThem = http.User.Identity is { IsAuthenticated: true, Name: var name } && (!form.TryGetValue("Input.Email", out var typed) || string.Equals(typed.ToString().Trim(), name, StringComparison.OrdinalIgnoreCase));
        context.Result = isThem ? new LocalRedirectResult(LocalAddress.AfterSignIn(http.Request, returnUrl)) : new RedirectToPageResult("/Account/Login", new { returnUrl, again = true });
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
