using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Platform.Integrity;

/// <summary>While the database is damaged, pages are shown with a warning; nothing is written to it, and no file or answer of the API is made of it.</summary>
internal sealed class RefuseWhileDamaged(RequestDelegate next, DataChecks checks)
{
    private const string SignIn = "/Identity";

    public Task InvokeAsync(HttpContext context)
    {
        if (checks.IsDamaged && !IsAllowed(context)) checks.ThrowIfDamaged();
        return next(context);
    }

    private static bool IsAllowed(HttpContext context)
    {
        if (context.GetEndpoint() is not { Metadata: var about } || context.Request.Path.StartsWithSegments(SignIn, StringComparison.OrdinalIgnoreCase)) return true;
        // What needs nobody signed in says how things are: health, errors, whether a file is genuine.
        if (about.GetMetadata<IAllowAnonymous>() is not null) return true;
        return about.GetMetadata<PageActionDescriptor>() is not null && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));
    }
}
