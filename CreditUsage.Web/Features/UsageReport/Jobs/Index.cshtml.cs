using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Features.Shared;
using CreditUsage.Features.UsageReport.Paper;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport.Jobs;

/// <summary>The reports that were asked for in the background, the latest first, and asking for several months at once.</summary>
public sealed class IndexModel(CreditUsageDb db, UsageReportQuery query, QueueReport queue, ReportJobLimits limits, IAuthorizationService authorization) : PageModel
{
    /// <summary>Jobs that are listed.</summary>
    public const int Listed = 100;

    public IReadOnlyList<ReportJob> Jobs { get; private set; } = [];

    public ReportableMonths Months { get; private set; } = null!;

    public BatchInput Input { get; private set; } = null!;

    public IReadOnlyList<InputFault> Faults { get; private set; } = [];

    public bool MayChange { get; private set; }

    public Task<IActionResult> OnGetAsync(CancellationToken cancellation) => ShowAsync(null, cancellation);

    public async Task<IActionResult> OnPostAsync(string? from, string? to, string? sessions, string? topUps, CancellationToken cancellation)
    {
        if (!await MayAsync()) return Forbid();
        var input = new BatchInput(from, to, sessions, topUps);
        var filters = input.Validate(await query.MonthsAsync(cancellation), limits.MostInQueue, out var faults);
        Faults = faults;
        if (faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        else if (await QueuedAsync(filters, cancellation)) return this.SeeOther("/usage-report/jobs");
        return await ShowAsync(input, cancellation);
    }

    private async Task<bool> QueuedAsync(IReadOnlyList<UsageReportFilter> filters, CancellationToken cancellation)
    {
        try
        {
            await queue.RunAsync([.. filters.Select(filter => new PaperRequest(filter))], Guid.NewGuid(), cancellation);
            return true;
        }
        catch (TooManyReportsException problem)
        {
            Faults = [new("to", this.TryLater(problem))];
            return false;
        }
    }

    private async Task<IActionResult> ShowAsync(BatchInput? input, CancellationToken cancellation)
    {
        MayChange = await MayAsync();
        Months = await query.MonthsAsync(cancellation);
        Input = input ?? BatchInput.Of(Months);
        Jobs = await db.ReportJobs.AsNoTracking().OrderByDescending(job => job.RequestedAt).ThenByDescending(job => job.Id).Take(Listed).ToListAsync(cancellation);
        return Page();
    }

    /// <summary>What its file is called, which tells it from the others of its month.</summary>
    public string NameOf(ReportJob job) => job.Asked(Months, out _)?.FileName ?? "";

    private async Task<bool> MayAsync() => (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
}
