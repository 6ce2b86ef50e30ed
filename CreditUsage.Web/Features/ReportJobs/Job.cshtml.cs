using CreditUsage.Core.Jobs;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.ReportJobs;

/// <summary>One background report in any state; htmx gets its state alone.</summary>
public sealed class JobModel(JobViewQuery query, CancelJob cancel, QueueReport queue, IAuthorizationService authorization) : PageModel
{
    public JobView View { get; private set; } = null!;

    /// <summary>Why it was not queued again.</summary>
    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellation)
    {
        Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (await query.RunAsync(id, User, cancellation) is not { } view) return NotFound();
        View = view;
        return Request.IsHtmx() ? Partial("_JobState", View) : Page();
    }

    public async Task<IActionResult> OnPostCancelAsync(Guid id, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        if (await query.RunAsync(id, User, cancellation) is null) return NotFound();
        await cancel.RunAsync(id, cancellation);
        return this.SeeOther($"/usage-report/jobs/{id}");
    }

    public async Task<IActionResult> OnPostAgainAsync(Guid id, CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        if (await query.RunAsync(id, User, cancellation) is not { } view) return NotFound();
        View = view;
        if (view is not { CanTryAgain: true, Asked: { } asked }) return this.SeeOther(view.Address);
        try
        {
            return this.SeeOther($"/usage-report/jobs/{(await queue.RunAsync([new(asked, view.Job.Closes, view.Job.Note)], batch: null, cancellation))[0].Id}");
        }
        catch (TooManyReportsException problem)
        {
            Problem = this.TryLater(problem);
            return Page();
        }
    }
}
