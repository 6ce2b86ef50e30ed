using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class HomeRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/dashboard", "/dashboard", SignIn, In, In, In),
        new("POST", "/dashboard", "/dashboard", SignIn, In, In, In),
        new("GET", "/clinics", "/clinics", SignIn, In, In, In),
        new("POST", "/clinics", "/clinics?handler=Enter&clinic=0", SignIn, In, In, In),
    ];
}
