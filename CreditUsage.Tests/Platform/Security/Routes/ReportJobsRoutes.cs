using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class ReportJobsRoutes
{
    private const string Unknown = "/usage-report/jobs/018f0000-0000-7000-8000-000000000000";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/usage-report/jobs", "/usage-report/jobs", SignIn, In, In, In),
        new("POST", "/usage-report/jobs", "/usage-report/jobs", SignIn, Denied, In, In),
        new("GET", "/usage-report/jobs/{id:guid}/{handler:regex(^(cancel|again)$)?}", Unknown, SignIn, In, In, In),
        new("POST", "/usage-report/jobs/{id:guid}/{handler:regex(^(cancel|again)$)?}", Unknown + "/cancel", SignIn, Denied, In, In),
    ];
}
