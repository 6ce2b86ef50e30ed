using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace CreditUsage.Platform.Security;

/// <summary>Answers 405 where a page has no handler for the method; it would be rendered without its data.</summary>
public sealed class HandledMethodsOnly : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.HandlerMethod is null) context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}

/// <summary>For a page that more people may read than may post to.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PostsNeedAttribute(string policy) : Attribute, IAsyncAuthorizationFilter
{
    public string Policy => policy;

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) return;
        if (!(await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, policy)).Succeeded) context.Result = new ForbidResult();
    }
}

/// <summary>The pages of Identity UI that the site has. The others, such as self-registration, are taken off the routes.</summary>
public static class AccountPages
{
    private static readonly string[] Kept =
    [
        "/Account/Login", "/Account/SecondStep", "/Account/RecoveryCode", "/Account/ForgotPassword", "/Account/Logout", "/Account/AccessDenied", "/Account/AcceptInvitation",
        "/Account/Manage/ChangePassword", "/Account/Manage/TwoFactor", "/Account/Manage/Sessions",
    ];

    public static void AddSitePages(this IMvcBuilder pages) => pages.AddRazorPagesOptions(options =>
        options.Conventions.AddAreaFolderRouteModelConvention("Identity", "/", page =>
        {
            if (!Kept.Contains(page.ViewEnginePath)) page.Selectors.Clear();
        }));
}
