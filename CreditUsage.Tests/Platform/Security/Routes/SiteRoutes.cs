using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class SiteRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/", "/", SignIn, In, In, In),
        new("HEAD", "/", "/", SignIn, In, In, In),
        new("POST", "/theme", "/theme", In, In, In, In),
        new("POST", "/keys", "/keys", SignIn, In, In, In),
        new("GET", "/favicon.ico", "/favicon.ico", In, In, In, In),
        new("HEAD", "/favicon.ico", "/favicon.ico", In, In, In, In),
        new("GET", "/running-work", "/running-work", SignIn, In, In, In),
        new("POST", "/running-work", "/running-work", SignIn, In, In, In),
        new("GET", "/error/{status:int?}", "/error/404", In, In, In, In),
        new("POST", "/error/{status:int?}", "/error", In, In, In, In),
        new("GET", "/health/live", "/health/live", In, In, In, In),
        new("POST", "/health/live", "/health/live", In, In, In, In),
        new("GET", "/health/ready", "/health/ready", In, In, In, In),
        new("POST", "/health/ready", "/health/ready", In, In, In, In),
    ];
}
