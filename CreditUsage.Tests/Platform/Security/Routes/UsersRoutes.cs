using static CreditUsage.Tests.Platform.Security.Routes.RouteOutcome;

namespace CreditUsage.Tests.Platform.Security.Routes;

internal static class UsersRoutes
{
    private const string User = "/users/018f0000-0000-7000-8000-000000000000";

    public static IReadOnlyList<RouteRow> Rows { get; } =
    [
        new("GET", "/users", "/users", SignIn, In, Denied, In),
        new("POST", "/users", "/users?handler=RequireTwoFactor&required=false", SignIn, Denied, Denied, In),
        new("GET", "/users/{id:guid}", User, SignIn, Denied, Denied, In),
        new("POST", "/users/{id:guid}", User + "?handler=Disable", SignIn, Denied, Denied, In),
        new("GET", "/clinic", "/clinic", SignIn, In, Denied, In),
        new("POST", "/clinic", "/clinic", SignIn, Denied, Denied, In),
        new("GET", "/anonymise", "/anonymise", SignIn, In, Denied, In),
        new("POST", "/anonymise", "/anonymise", SignIn, Denied, Denied, In),
        new("GET", "/anonymise/{id:guid}", "/anonymise/00000000-0000-0000-0000-000000000000", SignIn, In, Denied, In),
        new("POST", "/anonymise/{id:guid}", "/anonymise/00000000-0000-0000-0000-000000000000", SignIn, In, Denied, In),
        new("GET", "/webhooks", "/webhooks", SignIn, In, Denied, In),
        new("POST", "/webhooks", "/webhooks", SignIn, Denied, Denied, In),
        new("GET", "/letterhead", "/letterhead", SignIn, In, Denied, In),
        new("POST", "/letterhead", "/letterhead", SignIn, Denied, Denied, In),
        new("GET", "/Identity/Account/AcceptInvitation", "/Identity/Account/AcceptInvitation", In, In, In, In),
        new("POST", "/Identity/Account/AcceptInvitation", "/Identity/Account/AcceptInvitation", In, In, In, In),
        new("GET", "/Identity/Account/Manage/TwoFactor", "/Identity/Account/Manage/TwoFactor", SignIn, In, In, In),
        new("POST", "/Identity/Account/Manage/TwoFactor", "/Identity/Account/Manage/TwoFactor?handler=Off", SignIn, In, In, In),
        // Without a password before them both lead back to it.
        new("GET", "/Identity/Account/SecondStep", "/Identity/Account/SecondStep", In, In, In, In),
        new("POST", "/Identity/Account/SecondStep", "/Identity/Account/SecondStep", In, In, In, In),
        new("GET", "/Identity/Account/RecoveryCode", "/Identity/Account/RecoveryCode", In, In, In, In),
        new("POST", "/Identity/Account/RecoveryCode", "/Identity/Account/RecoveryCode", In, In, In, In),
        new("GET", "/users/by-file", "/users/by-file", SignIn, Denied, Denied, In),
        new("POST", "/users/by-file", "/users/by-file", SignIn, Denied, Denied, In),
    ];
}
