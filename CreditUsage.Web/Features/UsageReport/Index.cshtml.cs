using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain;
using CreditUsage.Features.UsageReport.Views;
using CreditUsage.Platform.Auditing;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>The form and, once asked, its result; htmx gets the result alone.</summary>
public sealed class IndexModel(UsageReportQuery query, CreditUsageDb db, CurrentSubscription current, AuditReads reads) : PageModel
{
    public UsageReportInput Input { get; private set; } = null!;

    public ReportableMonths Months { get; private set; } = null!;

    public UsageResults Results { get; private set; } = UsageResults.None;

    /// <summary>Whether the folder icon leads anywhere.</summary>
    public bool AnySaved { get; private set; }

    /// <summary>Reports that wait or are made in the background.</summary>
    public int BeingMade { get; private set; }

    /// <summary>The view that the report begins with before anything was asked; null where none was chosen.</summary>
    public SavedView? Default { get; private set; }

    private bool FragmentOnly => Request.IsHtmx() && !Request.IsHtmxHistoryRestoreRequest();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Response.Headers.Vary = HtmxRequestHeaders.Keys.Request;
        Input = UsageReportInput.From(Request.Query);
        Months = await query.MonthsAsync(cancellation);
        if (Input.Asked) await AnswerAsync(cancellation);
        if (FragmentOnly) return Input.After is not null && Results.Page is not null ? Partial("_MoreRows", Results) : Partial("_UsageResults", Results);
        if (!Input.Asked) await BeginAsync(cancellation);
        (AnySaved, BeingMade) = await db.Subscriptions.Where(own => own.Id == db.SubscriptionId)
            .Select(own => ValueTuple.Create(db.SavedReports.Any(report => report.SubscriptionId == own.Id), db.ReportJobs.Count(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running))).SingleAsync(cancellation);
        return Page();
    }

    /// <summary>The form as the default view has it, for the month that it offers.</summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        Default = await db.SavedViews.AsNoTracking().SingleOrDefaultAsync(view => view.Owner == current.Actor && view.IsDefault, cancellation);
        if (Default is null) return;
        Input = UsageReportInput.From(Default.Parameters());
        Results = UsageResults.None with { Begins = Default.Shape() };
    }

    private async Task AnswerAsync(CancellationToken cancellation)
    {
        if (Input.Validate(Months, out var position, out var faults) is not { } filter)
        {
            Refuse(position, faults);
            return;
        }
        // Only htmx asks for rows after a row; whoever opens such an address gets the report from its start.
        if (!FragmentOnly) position = position with { AfterEventId = null };
        var report = await query.RunAsync(filter, cancellation);
        var page = await query.PageAsync(filter, position, cancellation);
        // A run is one entry: its further pages are not.
        if (position is { Page: 1, AfterEventId: null }) reads.Note(AuditAction.Run, filter.Month.Name, filter.Audited);
        if (page.Rows.Count == 0 && position.Page > 1) Refuse(position, [UsageReportInput.NoSuchPage]);
        else Results = new UsageResults(report, page, position, [])
        {
            Choices = position.AfterEventId is null ? await query.ChoicesAsync(filter, cancellation) : null,
            Views = position.AfterEventId is null ? await db.SavedViews.AsNoTracking().Where(view => view.Owner == current.Actor || view.Shared).OrderBy(view => view.Name).ToListAsync(cancellation) : [],
        };
    }

    private void Refuse(UsagePosition position, IReadOnlyList<InputFault> faults)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        Results = new UsageResults(null, null, position, faults);
    }
}
