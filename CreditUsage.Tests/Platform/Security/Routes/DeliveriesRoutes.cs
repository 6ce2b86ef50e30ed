using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class DeliveriesRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/deliveries", "/deliveries", SignIn, In, In, In),
        new("POST", "/deliveries", "/deliveries?handler=Terms", SignIn, Denied, In, In),
        new("GET", "/deliveries/send", "/deliveries/send?month=2026-10", SignIn, Denied, In, In),
        new("POST", "/deliveries/send", "/deliveries/send?month=2026-10", SignIn, Denied, In, In),
        new("GET", "/deliveries/by-file", "/deliveries/by-file", SignIn, Denied, In, In),
        new("POST", "/deliveries/by-file", "/deliveries/by-file", SignIn, Denied, In, In),
    ];
}
