using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class ImportsRoutes
{
    private const string Unknown = "/imports/018f0000-0000-7000-8000-000000000000";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/imports", "/imports", SignIn, In, In, In),
        new("POST", "/imports", "/imports", SignIn, Denied, In, In),
        new("GET", "/imports/{id:guid}/{handler:regex(^(store|discard|leaveout|takein)$)?}", Unknown, SignIn, In, In, In),
        new("POST", "/imports/{id:guid}/{handler:regex(^(store|discard|leaveout|takein)$)?}", Unknown + "/store", SignIn, Denied, In, In),
        new("GET", "/imports/{id:guid}/faults.csv", Unknown + "/faults.csv", SignIn, In, In, In),
        new("HEAD", "/imports/{id:guid}/faults.csv", Unknown + "/faults.csv", SignIn, In, In, In),
        new("GET", "/imports/{id:guid}/faulty-rows.csv", Unknown + "/faulty-rows.csv", SignIn, In, In, In),
        new("HEAD", "/imports/{id:guid}/faulty-rows.csv", Unknown + "/faulty-rows.csv", SignIn, In, In, In),
        new("GET", "/imports/{id:guid}/doubles.csv", Unknown + "/doubles.csv", SignIn, In, In, In),
        new("HEAD", "/imports/{id:guid}/doubles.csv", Unknown + "/doubles.csv", SignIn, In, In, In),
        new("GET", "/imports/{id:guid}/columns", Unknown + "/columns", SignIn, Denied, In, In),
        new("POST", "/imports/{id:guid}/columns", Unknown + "/columns", SignIn, Denied, In, In),
        new("GET", "/imports/{id:guid}/reverse", Unknown + "/reverse", SignIn, Denied, In, In),
        new("POST", "/imports/{id:guid}/reverse", Unknown + "/reverse", SignIn, Denied, In, In),
        new("GET", "/imports/mappings/{handler:regex(^remove$)?}", "/imports/mappings", SignIn, In, In, In),
        new("POST", "/imports/mappings/{handler:regex(^remove$)?}", "/imports/mappings/remove?mapping=0", SignIn, Denied, In, In),
        new("GET", "/imports/template.csv", "/imports/template.csv", SignIn, In, In, In),
        new("HEAD", "/imports/template.csv", "/imports/template.csv", SignIn, In, In, In),
        new("GET", "/imports/sample.csv", "/imports/sample.csv", SignIn, In, In, In),
        new("HEAD", "/imports/sample.csv", "/imports/sample.csv", SignIn, In, In, In),
    ];
}
