using CreditUsage.Core.Jobs;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Features.Shared;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.Billback;

/// <summary>A month's cost per staff member, client or program, on screen and as a saved PDF.</summary>
public sealed class IndexModel(ReportQuery months, BillbackQuery query, SaveReport saveReport, QueueReport queue, IAuthorizationService authorization, AuditReads reads, IOptions<CreditUsageOptions> options) : PageModel
{
    public BillbackReport? Billback { get; private set; }

    public string? Problem { get; private set; }

    public bool MayChange { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        if (await AskedAsync(cancellation) is not { } asked) return Page();
        await ShowAsync(asked, cancellation);
        reads.Note(AuditAction.View, asked.Filter.Month.Name, $"Billback of {asked.AuditDetails}");
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellation)
    {
        if (!(await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded) return Forbid();
        if (await AskedAsync(cancellation) is not { } asked) return Page();
        try
        {
            if (await months.RowCountAsync(asked.Filter, cancellation) > options.Value.Reports.BackgroundRows)
                return this.SeeOther($"/usage-report/jobs/{(await queue.RunAsync(asked, cancellation)).Id}");
            var saved = await saveReport.RunAsync(asked, User.Identity!.Name!, rowsDone: null, cancellation);
            return Redirect($"~/saved-reports/{saved.Id}/download");
        }
        catch (TooManyReportsException problem)
        {
            Problem = this.TryLater(problem);
        }
        catch (UserFacingException problem)
        {
            (Response.StatusCode, Problem) = (StatusCodes.Status503ServiceUnavailable, problem.Message);
        }
        await ShowAsync(asked, cancellation);
        return Page();
    }

    private async Task ShowAsync(ReportRequest asked, CancellationToken cancellation)
    {
        MayChange = (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded;
        Billback = await query.RunAsync(asked.Filter, asked.By!.Value, cancellation);
    }

    private async Task<ReportRequest?> AskedAsync(CancellationToken cancellation)
    {
        var by = Request.Query.TryGetValue("by", out var word) ? BillbackLabels.Of(word) : UsageGroupBy.Staff;
        var filter = ReportInput.From(Request.Query).Validate(await months.MonthsAsync(cancellation), out _, out var faults);
        if (filter is not null && by is { } known) return new ReportRequest(filter.Ungrouped with { Columns = UsageColumns.All }, known);
        (Response.StatusCode, Problem) = (StatusCodes.Status422UnprocessableEntity, faults.Count > 0 ? faults[0].Message : "Choose staff members, clients or programs.");
        return null;
    }
}
