using CreditUsage.Core.Report;
using CreditUsage.Data;

namespace CreditUsage.Features.UsageReport;

/// <summary>Redirects a report's address with the keys of another day or kind of copy to the one of today; a form of such an address is taken as it is.</summary>
public sealed class RenewAddresses(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, CurrentSubscription current, AddressKeys keys)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(keys);
        var request = context.Request;
        if (current.Id is null || !request.Path.StartsWithSegments("/usage-report", StringComparison.OrdinalIgnoreCase) || await keys.RenewAsync(request.Query, context.RequestAborted) is not { } query)
        {
            await next(context);
            return;
        }
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            context.Response.Redirect($"{request.PathBase}{request.Path}{query}");
            return;
        }
        request.QueryString = query;
        await next(context);
    }
}
