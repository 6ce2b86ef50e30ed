using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

/// <summary>Signed in or not, nobody calls the API without a key; what keys may do is in ApiKeyTests.</summary>
internal static class ApiRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("POST", "/api/v1/usage-events", "/api/v1/usage-events", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/usage-events", "/api/v1/usage-events?month=2026-10", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/usage-report", "/api/v1/usage-report?month=2026-10", Denied, Denied, Denied, Denied),
        new("GET", "/openapi/{documentName}.json", "/openapi/v1.json", In, In, In, In),
        new("GET", "/api-keys", "/api-keys", SignIn, In, Denied, In),
        new("POST", "/api-keys", "/api-keys", SignIn, Denied, Denied, In),
    ];
}
