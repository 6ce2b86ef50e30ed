using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace CreditUsage.Platform.Security;

/// <summary>A page without a handler for the request's method would be rendered without what it shows; it is answered 405.</summary>
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

/// <summary>On a page that more people may read than may post to: what posting takes.</summary>
/// <param name="policy">One of those in <see cref="Roles"/>.</param>
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
