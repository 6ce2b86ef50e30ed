using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace CreditUsage.Features.Shared;

/// <summary>
/// For handlers that change who may do what: where the password was last given more than ten minutes ago, the form comes back asking for it, with all that was typed, and nothing
/// is done before it is right. A session that was left open, or whose cookie was copied, is not enough.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PasswordAgainAttribute(params string[] handlers) : Attribute, IAsyncPageFilter
{
    /// <summary>The password's name in a form.</summary>
    public const string Field = "passwordAgain";

    public const string Wrong = "That is not your password, or your account is locked. Ten wrong passwords lock it until 00:00 GMT.";

    private const string View = "/Features/Shared/PasswordAgain.cshtml";

    private static readonly string[] NotCarried = [Field, "username", "__RequestVerificationToken"];

    public IReadOnlyList<string> Handlers => handlers;

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (handlers.Contains(context.HandlerMethod?.Name) && !await LastPassword.IsRecentAsync(context.HttpContext)) context.Result = await AskAsync(context.HttpContext);
        if (context.Result is null) await next();
    }

    /// <returns>Null when the right password came with the form.</returns>
    private static async Task<IActionResult?> AskAsync(HttpContext http)
    {
        var (services, form) = (http.RequestServices, await http.Request.ReadFormAsync(http.RequestAborted));
        var given = form[Field].ToString();
        if (given.Length == 0) return Question(http, form, fault: null);
        return await services.GetRequiredService<ConfirmPassword>().IsRightAsync(http.User, given) ? null : Question(http, form, Wrong);
    }

    private static ViewResult Question(HttpContext http, IFormCollection form, string? fault) => new()
    {
        ViewName = View,
        StatusCode = StatusCodes.Status422UnprocessableEntity,
        ViewData = new ViewDataDictionary<PasswordQuestion>(http.RequestServices.GetRequiredService<IModelMetadataProvider>(), new ModelStateDictionary())
        {
            Model = new(
                http.Request.PathBase + http.Request.Path,
                http.Request.QueryString.ToUriComponent(),
                [.. form.Where(field => !NotCarried.Contains(field.Key)).SelectMany(field => field.Value, (field, value) => (field.Key, value ?? ""))],
                fault),
        },
    };
}

/// <param name="Page">Its address, without the query.</param>
/// <param name="Query">With its question mark; may be empty.</param>
/// <param name="Fields">What the form had.</param>
public sealed record PasswordQuestion(string Page, string Query, IReadOnlyList<(string Name, string Value)> Fields, string? Fault);
