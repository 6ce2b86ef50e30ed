using System.Security.Claims;
using CreditUsage.Core;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;
using Htmx;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.ReportJobs;

/// <summary>One background report in any state; htmx gets its state alone.</summary>
public sealed class JobModel(JobViewQuery query, CancelJob cancel, QueueReport queue, IAuthorizationService authorization) : PageModel
{
    public JobView View { get; private set; } = null!;

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellation)
    {
        Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        if (await query.RunAsync(id, User, cancellation) is not { } view) return NotFound();
        View = view;
        SeenWork.Note(HttpContext, id, ended: !view.Job.IsUnderWay());
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
            return this.SeeOther($"/usage-report/jobs/{(await queue.RunAsync([new(asked, view.Job.Closes, view.Job.Note, view.Job.ClosesFrom)], batch: null, cancellation))[0].Id}");
        }
        catch (TooManyReportsException problem)
        {
            Problem = this.TryLater(problem);
            return Page();
        }
    }
}

/// <param name="Asked">Null where the stored request is no longer valid.</param>
/// <param name="Place">In the queue, from 1; null where it does not wait.</param>
public sealed record JobView(ReportJob Job, ReportRequest? Asked, int? Place, bool MayChange, string? FileName)
{
    /// <summary>Of several months to close, those that are closed, and the next one; null for one alone.</summary>
    public ClosingProgress? Months { get; init; }

    public string Address => Job.Address();

    public bool CanCancel => MayChange && Job.IsUnderWay() && Job.CancelRequestedAt is null;

    public bool CanTryAgain => MayChange && Asked is not null && Job.State is ReportJobState.Failed or ReportJobState.Cancelled;

    public string Name => Job.Name();

    public string Title => Job.State == ReportJobState.Failed ? $"Error: {Name}" : $"{Name} - {Job.Label()}";

    /// <summary>The address of the month's pack; null where there is no saved report for it.</summary>
    public string? Pack => Job is { State: ReportJobState.Done, ClosesFrom: null } && Asked is { By: null, Filter: var filter } ? $"/usage-report/pack{filter.Query()}" : null;

    /// <summary>Announced to screen readers when it changes.</summary>
    public string Status => Job.IsUnderWay() ? "" : $"{Name}: {Job.Label()}";
}

/// <param name="Next">The first that is not closed; meaningless when all are.</param>
public sealed record ClosingProgress(int Closed, int All, UsageMonth Next)
{
    public string Label => $"{Display.Number(Closed)} of {Display.Count(All, "month", "months")}";
}

public sealed class JobViewQuery(CreditUsageDb db, QueuedJobs queued, ReportQuery query, IAuthorizationService authorization)
{
    /// <returns>Null where the subscription has no such job.</returns>
    public async Task<JobView?> RunAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (await db.ReportJobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, cancellation) is not { } job) return null;
        var asked = job.ReadRequest(await query.MonthsAsync(cancellation), out _);
        var mayChange = (await authorization.AuthorizeAsync(user, Roles.MayChange)).Succeeded;
        var place = job.State == ReportJobState.Queued ? await PlaceAsync(id, cancellation) : null;
        return new JobView(job, asked, place, mayChange, await db.SavedReports.Where(report => report.Id == job.SavedReportId).Select(report => report.FileName).SingleOrDefaultAsync(cancellation))
        {
            Months = job.ClosesFrom is { } first ? await ProgressAsync(first, job.Month, cancellation) : null,
        };
    }

    private async Task<ClosingProgress> ProgressAsync(UsageMonth first, UsageMonth last, CancellationToken cancellation)
    {
        var closed = (await db.ClosedMonthsAsync(cancellation)).Latest;
        var done = Math.Clamp((closed?.Number ?? 0) - first.Number + 1, 0, last.Number - first.Number + 1);
        return new(done, last.Number - first.Number + 1, UsageMonth.FromNumber(first.Number + done));
    }

    private async Task<int?> PlaceAsync(Guid id, CancellationToken cancellation)
    {
        var place = (await queued.InOrderAsync(cancellation)).ToList().IndexOf(id);
        return place < 0 ? null : place + 1;
    }
}
