using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class CreditsRoutes
{
    private const string Record = "/credits/record/{kind:regex(^(purchase|grant|adjustment)$)}";
    private const string Query = "?year=2026&month=9&basis=service";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/credits", "/credits", SignIn, In, In, In),
        new("POST", "/credits", "/credits", SignIn, In, In, In),
        new("GET", "/credits/prices", "/credits/prices", SignIn, In, In, In),
        new("POST", "/credits/prices", "/credits/prices", SignIn, Denied, Denied, In),
        new("GET", "/credits/prices/reprice", "/credits/prices/reprice", SignIn, Denied, Denied, In),
        new("POST", "/credits/prices/reprice", "/credits/prices/reprice", SignIn, Denied, Denied, In),
        new("GET", "/credits/prices/reprice/{id:guid}", "/credits/prices/reprice/00000000-0000-0000-0000-000000000000", SignIn, In, In, In),
        new("POST", "/credits/prices/reprice/{id:guid}", "/credits/prices/reprice/00000000-0000-0000-0000-000000000000", SignIn, In, In, In),
        new("GET", Record, "/credits/record/purchase", SignIn, Denied, In, In),
        new("POST", Record, "/credits/record/grant", SignIn, Denied, In, In),
        new("GET", "/credits/entries/{id:long}", "/credits/entries/1", SignIn, In, In, In),
        new("POST", "/credits/entries/{id:long}", "/credits/entries/1", SignIn, Denied, In, In),
        new("GET", "/credits/statement", "/credits/statement" + Query, SignIn, In, In, In),
        new("POST", "/credits/statement", "/credits/statement" + Query, SignIn, In, In, In),
        new("GET", "/credits/statement/csv", "/credits/statement/csv" + Query, SignIn, In, In, In),
        new("HEAD", "/credits/statement/csv", "/credits/statement/csv" + Query, SignIn, In, In, In),
        new("GET", "/credits/statement/pdf", "/credits/statement/pdf" + Query, SignIn, In, In, In),
        new("POST", "/credits/statement/pdf", "/credits/statement/pdf" + Query, SignIn, In, In, In),
        new("GET", "/credits/proof", "/credits/proof", SignIn, In, In, In),
        new("POST", "/credits/proof", "/credits/proof", SignIn, Denied, In, In),
        new("GET", "/credits/purchases/by-file", "/credits/purchases/by-file", SignIn, Denied, In, In),
        new("POST", "/credits/purchases/by-file", "/credits/purchases/by-file", SignIn, Denied, In, In),
    ];
}
