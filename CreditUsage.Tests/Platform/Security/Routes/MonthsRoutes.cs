using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class MonthsRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/months", "/months", SignIn, In, In, In),
        new("POST", "/months", "/months", SignIn, Denied, In, In),
        new("GET", "/months/{month}", "/months/2026-10", SignIn, In, In, In),
        new("POST", "/months/{month}", "/months/2026-10?handler=Close", SignIn, Denied, In, In),
        new("GET", "/months/{month}/rows/{version:int}", "/months/2026-10/rows/1", SignIn, In, In, In),
        new("POST", "/months/{month}/rows/{version:int}", "/months/2026-10/rows/1", SignIn, In, In, In),
        new("GET", "/corrections", "/corrections", SignIn, In, In, In),
        new("POST", "/corrections", "/corrections?handler=Reverse&event=E00000001", SignIn, Denied, In, In),
        new("GET", "/corrections/record", "/corrections/record", SignIn, Denied, In, In),
        new("POST", "/corrections/record", "/corrections/record", SignIn, Denied, In, In),
        new("GET", "/corrections/replace", "/corrections/replace?event=none", SignIn, Denied, In, In),
        new("POST", "/corrections/replace", "/corrections/replace?event=none", SignIn, Denied, In, In),
    ];
}
