using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class UsageReportRoutes
{
    private const string Query = "?year=2026&month=9&topUps=true";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("HEAD", "/usage-report/csv", "/usage-report/csv" + Query, SignIn, In, In, In),
        new("HEAD", "/usage-report/json", "/usage-report/json" + Query, SignIn, In, In, In),
        new("HEAD", "/usage-report/xlsx", "/usage-report/xlsx" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/xlsx", "/usage-report/xlsx" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/explain", "/usage-report/explain" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/explain", "/usage-report/explain" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/compare", "/usage-report/compare" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/compare", "/usage-report/compare" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/pictures", "/usage-report/pictures" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/pictures", "/usage-report/pictures" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/views", "/usage-report/views", SignIn, In, In, In),
        new("POST", "/usage-report/views", "/usage-report/views" + Query, SignIn, Denied, In, In),
        new("GET", "/usage-report/billback", "/usage-report/billback" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/billback", "/usage-report/billback" + Query, SignIn, Denied, In, In),
        new("GET", "/usage-report/pack", "/usage-report/pack" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/pack", "/usage-report/pack" + Query, SignIn, In, In, In),
        new("GET", "/usage-report", "/usage-report" + Query, SignIn, In, In, In),
        new("POST", "/usage-report", "/usage-report" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/print", "/usage-report/print" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/print", "/usage-report/print" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/csv", "/usage-report/csv" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/json", "/usage-report/json" + Query, SignIn, In, In, In),
        new("GET", "/usage-report/pdf", "/usage-report/pdf" + Query, SignIn, In, In, In),
        new("POST", "/usage-report/pdf", "/usage-report/pdf" + Query, SignIn, Denied, In, In),
    ];
}
