using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class SchedulesRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/schedules", "/schedules", SignIn, In, In, In),
        new("POST", "/schedules", "/schedules", SignIn, Denied, Denied, In),
        new("GET", "/schedules/new", "/schedules/new", SignIn, Denied, In, In),
        new("POST", "/schedules/new", "/schedules/new", SignIn, Denied, In, In),
        new("GET", "/schedules/{id:int}/end", "/schedules/1/end", SignIn, Denied, In, In),
        new("POST", "/schedules/{id:int}/end", "/schedules/1/end", SignIn, Denied, In, In),
        new("GET", "/schedules/{id:int}/reassign", "/schedules/1/reassign", SignIn, Denied, In, In),
        new("POST", "/schedules/{id:int}/reassign", "/schedules/1/reassign", SignIn, Denied, In, In),
        new("GET", "/api/v1/top-up-schedules", "/api/v1/top-up-schedules", Denied, Denied, Denied, Denied),
        new("POST", "/api/v1/top-up-schedules", "/api/v1/top-up-schedules", Denied, Denied, Denied, Denied),
        new("POST", "/api/v1/top-up-schedules/{id}/end", "/api/v1/top-up-schedules/1/end", Denied, Denied, Denied, Denied),
        new("GET", "/schedules/by-file", "/schedules/by-file", SignIn, Denied, In, In),
        new("POST", "/schedules/by-file", "/schedules/by-file", SignIn, Denied, In, In),
    ];
}
