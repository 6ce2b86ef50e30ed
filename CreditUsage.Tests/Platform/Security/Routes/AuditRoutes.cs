using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class AuditRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/audit", "/audit", SignIn, In, Denied, In),
        new("POST", "/audit", "/audit", SignIn, In, Denied, In),
        new("GET", "/audit/csv", "/audit/csv", SignIn, In, Denied, In),
    ];
}
