using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class VerifyRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/verify", "/verify", In, In, In, In),
        new("POST", "/verify", "/verify", In, In, In, In),
    ];
}
