using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Auditing;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.UsageReport;

/// <summary>The form and, once asked, its result; htmx gets the result alone.</summary>
public sealed class IndexModel(ReportQuery query, ReportPageQuery around, AuditReads reads) : PageModel
{
    public ReportInput Input { get; private set; } = null!;

    public ReportableMonths Months { get; private set; } = null!;

    public UsageResults Results { get; private set; } = UsageResults.None;

    public ReportPageData Around { get; private set; } = ReportPageData.Nothing;

    /// <summary>The view that the report begins with before anything was asked; null where none was chosen.</summary>
    public SavedViewLink? Default { get; private set; }

    private bool FragmentOnly => Request.IsHtmx() && !Request.IsHtmxHistoryRestoreRequest();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Response.Headers.Vary = HtmxRequestHeaders.Keys.Request;
        Input = ReportInput.From(Request.Query);
        Months = await query.MonthsAsync(cancellation);
        if (Shorter() is { } address) return Redirect(address);
        if (Input.Asked) await AnswerAsync(cancellation);
        if (FragmentOnly && Input.After is not null && Results.Page is not null) return Partial("_MoreRows", Results);
        await LookAroundAsync(cancellation);
        return FragmentOnly ? Partial("_UsageResults", Results) : Page();
    }

    /// <summary>The address of the same report without what a form sends of the fields that were left empty; null where it has none of that.</summary>
    private string? Shorter() => !Request.IsHtmx() && Request.Query.Any(parameter => parameter.Value.Contains("")) && Input.Validate(Months, out var position, out _) is { } filter
        ? filter.AddressOf(position.Page) : null;

    private async Task LookAroundAsync(CancellationToken cancellation)
    {
        Around = await around.RunAsync(cancellation);
        Results = Results with { Views = Around.Views };
        if (Input.Asked || Around.Default is not { } view) return;
        // The form as the default view has it, for the month that it offers.
        (Default, Input) = (view, ReportInput.From(SavedViewQuery.Parameters(view.Query)));
        Results = Results with { Begins = SavedViewQuery.Shape(view.Query) };
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
        if (FragmentOnly && position.AfterEventId is null) Response.Htmx(answer => answer.PushUrl(filter.AddressOf(position.Page)));
        var report = await query.RunAsync(filter, cancellation);
        var page = await query.PageAsync(filter, position, cancellation);
        // A run is one entry: its further pages are not.
        if (position is { Page: 1, AfterEventId: null }) reads.Note(AuditAction.Run, filter.Month.Name, filter.Audited);
        if (page.Rows.Count == 0 && position.Page > 1) Refuse(position, [ReportInput.NoSuchPage]);
        else Results = new UsageResults(report, page, position, [])
        {
            Choices = position.AfterEventId is null ? await query.ChoicesAsync(filter, cancellation) : null,
        };
    }

    private void Refuse(UsagePosition position, IReadOnlyList<Problem> faults)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        Results = new UsageResults(null, null, position, faults);
    }
}
