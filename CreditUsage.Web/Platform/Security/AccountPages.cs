namespace CreditUsage.Platform.Security;

/// <summary>Which pages of Identity UI this site has. The others, self-registration first, are taken off the routes.</summary>
public static class AccountPages
{
    private static readonly string[] Kept =
    [
        "/Account/Login", "/Account/SecondStep", "/Account/RecoveryCode", "/Account/Logout", "/Account/AccessDenied", "/Account/AcceptInvitation",
        "/Account/Manage/ChangePassword", "/Account/Manage/TwoFactor",
    ];

    public static void AddSitePages(this IMvcBuilder pages) => pages.AddRazorPagesOptions(options =>
        options.Conventions.AddAreaFolderRouteModelConvention("Identity", "/", page =>
        {
            if (!Kept.Contains(page.ViewEnginePath)) page.Selectors.Clear();
        }));
}
