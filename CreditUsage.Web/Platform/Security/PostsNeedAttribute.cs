using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace CreditUsage.Platform.Security;

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
