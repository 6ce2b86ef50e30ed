using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Diagnostics;

namespace CreditUsage.Platform.Security;

/// <summary>
/// A session that could not be looked up, since the database cannot be reached. The cookie handler keeps for the whole request what it was told, an exception
/// too, and would throw it again at the page that tells of the failure; so it is told of no session, and the request fails here. Nobody is signed out.
/// </summary>
public static class UnreadSession
{
    private static readonly object Key = new();

    internal static void Keep(HttpContext context, Exception problem) => context.Items[Key] = ExceptionDispatchInfo.Capture(problem);

    /// <summary>After authentication.</summary>
    public static void UseUnreadSessions(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Features.Get<IExceptionHandlerFeature>() is null && context.Items[Key] is ExceptionDispatchInfo problem) problem.Throw();
        return next(context);
    });
}
