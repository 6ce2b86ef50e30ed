using CreditUsage.Core;
using CreditUsage.Core.Jobs;
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

/// <summary>The background reports, latest first, and the form that queues several months.</summary>
public sealed class IndexModel(CreditUsageDb db, ReportQuery query, QueueReport queue, JobLimits limits, IAuthorizationService authorization, TimeProvider clock) : PageModel
{
    /// <summary>Jobs on a page.</summary>
    public const int Listed = 50;

    public IReadOnlyList<ReportJob> Jobs { get; private set; } = [];

    public ListPage At { get; private set; } = null!;

    public ReportableMonths Months { get; private set; } = null!;

    public BatchInput Input { get; private set; } = null!;

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public bool MayChange { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Response.Headers.Append("Vary", HtmxRequestHeaders.Keys.Request);
        SeenWork.NoteJobs(HttpContext, clock.GetUtcNow());
        await ShowAsync(null, cancellation);
        return Request.IsHtmx() ? Partial("_JobRows", this) : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? from, string? to, string? sessions, string? topUps, CancellationToken cancellation)
    {
        if (!await MayAsync()) return Forbid();
        var input = new BatchInput(from, to, sessions, topUps);
        var filters = input.Validate(await query.MonthsAsync(cancellation), limits.MaxInQueue, out var faults);
        Faults = faults;
        if (faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        else if (await QueuedAsync(filters, cancellation)) return this.SeeOther("/usage-report/jobs");
        await ShowAsync(input, cancellation);
        return Page();
    }

    private async Task<bool> QueuedAsync(IReadOnlyList<ReportFilter> filters, CancellationToken cancellation)
    {
        try
        {
            await queue.RunAsync([.. filters.Select(filter => new JobRequest(new(filter)))], Guid.NewGuid(), cancellation);
            return true;
        }
        catch (TooManyReportsException problem)
        {
            Faults = [new("to", this.TryLater(problem))];
            return false;
        }
    }

    private async Task ShowAsync(BatchInput? input, CancellationToken cancellation)
    {
        MayChange = await MayAsync();
        Months = await query.MonthsAsync(cancellation);
        Input = input ?? BatchInput.Of(Months);
        var number = ListPage.Asked(Request.Query);
        var jobs = await db.ReportJobs.AsNoTracking().OrderByDescending(job => job.RequestedAt).ThenByDescending(job => job.Id).Skip((number - 1) * Listed).Take(Listed + 1).ToListAsync(cancellation);
        (Jobs, At) = (jobs.Take(Listed).ToList(), new ListPage("/usage-report/jobs", number, jobs.Count > Listed));
    }

    /// <summary>The file name, which distinguishes the jobs of one month.</summary>
    public string NameOf(ReportJob job) => job.Closes ? $"Closing of {job.Months()}" : job.ReadRequest(Months, out _)?.FileName ?? "";

    private async Task<bool> MayAsync() => (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
}

/// <param name="From">The first month, such as "2026-09".</param>
public sealed record BatchInput(string? From, string? To, string? Sessions, string? TopUps)
{
    public static BatchInput Of(ReportableMonths months) => new(months?.Default.ToString(), months?.Default.ToString(), "true", "true");

    public IReadOnlyList<ReportFilter> Validate(ReportableMonths months, int most, out IReadOnlyList<Problem> faults)
    {
        ArgumentNullException.ThrowIfNull(months);
        var found = new List<Problem>();
        var (sessions, topUps) = (Sessions == "true", TopUps == "true");
        if (!sessions && !topUps) found.Add(new("sessions", "Select connected sessions, daily top-ups or both."));
        var (from, to) = (Month(From, "from", months, found), Month(To, "to", months, found));
        if (from > to) found.Add(new("to", "The last month is before the first. Choose a later one."));
        else if (to?.Number - from?.Number >= most) found.Add(new("to", $"Choose at most {most} months."));
        faults = found;
        if (found.Count > 0 || from is null || to is null) return [];
        return [.. Enumerable.Range(from.Value.Number, to.Value.Number - from.Value.Number + 1).Select(number => new ReportFilter(UsageMonth.FromNumber(number), sessions, topUps, UsageSort.Default))];
    }

    private static UsageMonth? Month(string? text, string field, ReportableMonths months, List<Problem> faults)
    {
        var refusal = UsageMonth.TryParse(text, out var month) ? months.Refusal(month) : $"Choose a month from {months.First.Name} to {months.Current.Name}.";
        if (refusal is null) return month;
        faults.Add(new(field, refusal));
        return null;
    }
}
