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
        new("GET", "/api/v1/usage-events/{event_id}", "/api/v1/usage-events/E1", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/months", "/api/v1/months", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/usage-changes", "/api/v1/usage-changes", Denied, Denied, Denied, Denied),
        new("POST", "/api/v1/months/{month}/close", "/api/v1/months/2026-10/close", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/credit-prices", "/api/v1/credit-prices", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/balance", "/api/v1/balance", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/statement", "/api/v1/statement?month=2026-10", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/ledger-entries", "/api/v1/ledger-entries", Denied, Denied, Denied, Denied),
        new("POST", "/api/v1/purchases", "/api/v1/purchases", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/saved-reports", "/api/v1/saved-reports?month=2026-10", Denied, Denied, Denied, Denied),
        new("GET", "/api/v1/saved-reports/{id}/pdf", "/api/v1/saved-reports/018f0000-0000-7000-8000-000000000000/pdf", Denied, Denied, Denied, Denied),
        new("GET", "/openapi/{documentName}.json", "/openapi/v1.json", In, In, In, In),
        new("GET", "/api-keys", "/api-keys", SignIn, In, Denied, In),
        new("POST", "/api-keys", "/api-keys", SignIn, Denied, Denied, In),
    ];
}
