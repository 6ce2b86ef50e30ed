using System.Security.Claims;
using Htmx;
using Microsoft.AspNetCore.Authorization;

namespace CreditUsage.Platform.Security;

/// <summary>Where a subscription requires two factors, users who signed in with one may only set up the second.</summary>
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
            context.Response.Headers[HtmxResponseHeaders.Keys.Redirect] = context.Request.PathBase + SetUp;
        }
        else
        {
            context.Response.Redirect(context.Request.PathBase + SetUp);
        }
        return Task.CompletedTask;
    }

    /// <summary>What anonymous users reach as well (signing out, errors, health), and the page itself.</summary>
    private static bool IsOpen(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null || context.Request.Path.Equals(SetUp, StringComparison.OrdinalIgnoreCase);
}

public static class SecondFactor
{
    /// <summary>The claim of sessions whose subscription requires two factors; read anew every minute.</summary>
    public const string Required = "second-factor-required";

    /// <summary>The claim of the sign-in's method, and its values for two factors and for one (RFC 8176).</summary>
    public const string Method = "amr", Both = "mfa", PasswordAlone = "pwd";

    public static bool IsMissing(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.HasClaim(claim => claim.Type == Required) && !user.HasClaim(Method, Both);
    }

    /// <summary>The renewal each minute makes the claims anew and would lose how the user signed in.</summary>
    internal static Task KeepAsync(ClaimsPrincipal? before, ClaimsPrincipal? renewed)
    {
        if (before is not null) (renewed?.Identity as ClaimsIdentity)?.AddClaims(before.FindAll(Method));
        return Task.CompletedTask;
    }
}
