using CreditUsage.Features.Shared;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.RunningWork;

/// <summary>What the header shows of running work, for htmx, which asks again until nothing runs. Anybody else is led to the list of jobs.</summary>
public sealed class IndexModel(FrameQuery query) : PageModel
{
    /// <summary>htmx's status for a poll that is over.</summary>
    private const int StopPolling = 286;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (!Request.IsHtmx()) return LocalRedirect("~/usage-report/jobs");
        var work = await query.WorkAsync(cancellation);
        if (!work.Any(one => one.IsRunning)) Response.StatusCode = StopPolling;
        return Partial("/Features/Shared/_RunningWork.cshtml", work);
    }
}
