using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class AlertsRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/alerts", "/alerts", SignIn, In, In, In),
        new("POST", "/alerts", "/alerts?handler=Add", SignIn, Denied, In, In),
    ];
}
