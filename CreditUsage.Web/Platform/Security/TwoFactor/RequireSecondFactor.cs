using Htmx;
using Microsoft.AspNetCore.Authorization;

namespace CreditUsage.Platform.Security.TwoFactor;

/// <summary>Where a subscription requires two-factor sign-in, leads whoever signed in without it to set it up, and to nothing else.</summary>
public sealed class RequireSecondFactor(RequestDelegate next)
{
    public const string SetUp = "/Identity/Account/Manage/TwoFactor";

    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!SecondFactor.IsMissing(context.User) || IsOpen(context)) return next(context);
        context.Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (context.Request.IsHtmx())
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.Headers[HtmxResponseHeaders.Keys.Redirect] = SetUp;
        }
        else
        {
            context.Response.Redirect(SetUp);
        }
        return Task.CompletedTask;
    }

    /// <summary>What strangers reach as well (signing out, errors, health), and the page itself.</summary>
    private static bool IsOpen(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null || context.Request.Path.Equals(SetUp, StringComparison.OrdinalIgnoreCase);
}
