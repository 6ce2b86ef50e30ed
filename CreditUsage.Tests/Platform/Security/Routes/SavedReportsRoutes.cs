using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class SavedReportsRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/saved-reports", "/saved-reports", SignIn, In, In, In),
        new("POST", "/saved-reports", "/saved-reports", SignIn, In, In, In),
        new("GET", "/saved-reports/{id:guid}/{how:regex(^download$)?}", "/saved-reports/018f0000-0000-7000-8000-000000000000", SignIn, In, In, In),
        new("POST", "/saved-reports/{id:guid}/{how:regex(^download$)?}", "/saved-reports/018f0000-0000-7000-8000-000000000000/download", SignIn, In, In, In),
    ];
}
