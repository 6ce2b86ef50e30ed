using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain;

namespace CreditUsage.Platform.Security;

/// <summary>Enters the signed-in user's subscription, and keeps what is shown to somebody signed in out of every cache.</summary>
public sealed class EnterSubscription(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context, CurrentSubscription current)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(current);
        if (context.User.FindFirst(AppClaims.Subscription) is { } claim)
        {
            current.Enter(int.Parse(claim.Value, CultureInfo.InvariantCulture));
            current.Actor = context.User.Identity?.Name ?? current.Actor;
            context.Response.Headers.CacheControl = "no-store";
        }
        return next(context);
    }
}
