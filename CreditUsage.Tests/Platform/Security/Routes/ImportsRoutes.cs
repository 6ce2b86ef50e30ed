using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class ImportsRoutes
{
    private const string Unknown = "/imports/018f0000-0000-7000-8000-000000000000";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/imports", "/imports", SignIn, In, In, In),
        new("POST", "/imports", "/imports", SignIn, Denied, In, In),
        new("GET", "/imports/{id:guid}/{handler:regex(^(store|discard)$)?}", Unknown, SignIn, In, In, In),
        new("POST", "/imports/{id:guid}/{handler:regex(^(store|discard)$)?}", Unknown + "/store", SignIn, Denied, In, In),
        new("GET", "/imports/{id:guid}/faults.csv", Unknown + "/faults.csv", SignIn, In, In, In),
        new("HEAD", "/imports/{id:guid}/faults.csv", Unknown + "/faults.csv", SignIn, In, In, In),
    ];
}
