using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class AccountRoutes
{
    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/Identity/Account/Login", "/Identity/Account/Login", In, In, In, In),
        new("POST", "/Identity/Account/Login", "/Identity/Account/Login", In, In, In, In),
        new("GET", "/Identity/Account/ForgotPassword", "/Identity/Account/ForgotPassword", In, In, In, In),
        new("POST", "/Identity/Account/ForgotPassword", "/Identity/Account/ForgotPassword", In, In, In, In),
        new("GET", "/Identity/Account/Logout", "/Identity/Account/Logout", In, In, In, In),
        new("GET", "/Identity/Account/AccessDenied", "/Identity/Account/AccessDenied", SignIn, In, In, In),
        new("POST", "/Identity/Account/AccessDenied", "/Identity/Account/AccessDenied", SignIn, In, In, In),
        new("GET", "/Identity/Account/Manage/ChangePassword", "/Identity/Account/Manage/ChangePassword", SignIn, In, In, In),
        new("POST", "/Identity/Account/Manage/ChangePassword", "/Identity/Account/Manage/ChangePassword", SignIn, In, In, In),
        new("GET", "/Identity/Account/Manage/Sessions", "/Identity/Account/Manage/Sessions", SignIn, In, In, In),
        new("POST", "/Identity/Account/Manage/Sessions", "/Identity/Account/Manage/Sessions?handler=EndOthers", SignIn, In, In, In),
        new("POST", "/Identity/Account/Logout", "/Identity/Account/Logout", In, In, In, In),
    ];
}
