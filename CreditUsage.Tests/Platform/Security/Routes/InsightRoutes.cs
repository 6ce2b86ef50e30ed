using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class InsightRoutes
{
    private const string Query = "?year=2026&month=9";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/usage-report/money-found", "/usage-report/money-found" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/money-found", "/usage-report/money-found" + Query, SignIn, Denied, In, In),
        new("GET", "/usage-report/rows-verified", "/usage-report/rows-verified" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/rows-verified", "/usage-report/rows-verified" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/accounting", "/usage-report/accounting" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/accounting", "/usage-report/accounting" + Query, SignIn, Denied, In, In),
        new("GET", "/usage-report/accounting/{file}", "/usage-report/accounting/focus" + Query, SignIn, In, In, In),
        new("HEAD", "/usage-report/accounting/{file}", "/usage-report/accounting/focus" + Query, SignIn, In, In, In),
    ];
}
