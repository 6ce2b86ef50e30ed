using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Auditing;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CreditUsage.Features.UsageReport;

/// <summary>The form and its report; htmx gets the report alone, or the rows after a row.</summary>
public sealed class IndexModel(ReportQuery query, ReportPageQuery pageQuery, AuditReads reads, TimeProvider clock) : PageModel
{
    private const string Name = "Credit Usage Report";

    public ReportInput Input { get; private set; } = null!;

    public ReportableMonths Months { get; private set; } = null!;

    public IReadOnlyList<Problem> Faults { get; private set; } = [];

    public CreditUsageReport? Report { get; private set; }

    public UsagePage? Rows { get; private set; }

    /// <summary>Null without a report, and for rows after a row.</summary>
    public MonthSummary? Summary { get; private set; }

    public UsagePosition Position { get; private set; } = UsagePosition.Start;

    /// <summary>Null without a report, and for rows after a row.</summary>
    public FilterChoices? Choices { get; private set; }

    public ReportPageData Data { get; private set; } = null!;

    /// <summary>Null once a report was asked for, and where no view is the default.</summary>
    public SavedViewLink? DefaultView { get; private set; }

    public string Title => Faults.Count > 0 ? $"Error: {Name}" : Report is null ? Name : $"{Name} - {Report.Filter.Month.Name}";

    public string? FaultOf(NameKind kind) => Faults.FirstOrDefault(fault => fault.Field == kind.Parameter())?.Message;

    private bool FragmentOnly => Request.IsHtmx() && !Request.IsHtmxHistoryRestoreRequest();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Response.Headers.Vary = HtmxRequestHeaders.Keys.Request;
        Input = ReportInput.From(Request.Query);
        Data = await pageQuery.RunAsync(cancellation);
        Months = new(Data.StartsOn, clock.GetUtcNow());
        if (await OtherAddressAsync(cancellation) is { } address) return Redirect("~" + address);
        if (Input.Asked) await AnswerAsync(cancellation);
        if (FragmentOnly && Input.After is not null && Rows is not null) return Partial("_MoreRows", this);
        // Without a request, the form shows the default view for the month on offer.
        if (!Input.Asked && Data.Default is { } view) (DefaultView, Input) = (view, ReportInput.From(SavedViewQuery.Parameters(view.Query)));
        return FragmentOnly ? Partial("_UsageResults", this) : Page();
    }

    /// <summary>Where what was asked for has an address of its own: without empty parameters, with columns moved and typed names as values. Null where it has none, or a name is not clear.</summary>
    private async Task<string?> OtherAddressAsync(CancellationToken cancellation)
    {
        if (Input.Validate(Months, out var position, out _) is not { } filter) return null;
        if (!Input.IsTyped) return Input.Moves || (!Request.IsHtmx() && Request.Query.Any(parameter => parameter.Value.Contains(""))) ? filter.AddressOf(position.Page) : null;
        var added = TypedNames.Add(filter, Input, await query.ChoicesAsync(filter, cancellation), out var faults);
        if (faults.Count > 0) Refuse(faults);
        return faults.Count > 0 ? null : added.AddressOf(page: 1);
    }

    private async Task AnswerAsync(CancellationToken cancellation)
    {
        var filter = Input.Validate(Months, out var position, out var faults);
        // Only htmx asks for rows after a row; opened in a browser, such an address shows the report from its start.
        Position = FragmentOnly ? position : position with { AfterEventId = null };
        if (filter is null) Refuse(faults);
        else await ShowAsync(filter, cancellation);
    }

    private async Task ShowAsync(ReportFilter filter, CancellationToken cancellation)
    {
        if (FragmentOnly && Position.AfterEventId is null) Response.Htmx(answer => answer.PushUrl(Request.PathBase + filter.AddressOf(Position.Page)));
        var report = await query.OpenOnScreenAsync(filter, cancellation, withDays: Position.AfterEventId is null);
        var rows = await report.PageAsync(Position, cancellation);
        // Only the first page is audited: a run is one entry.
        if (Position == UsagePosition.Start) reads.Note(AuditAction.Run, filter.Month.Name, filter.AuditDetails);
        if (rows.Rows.Count == 0 && Position.Page > 1)
        {
            Refuse([ReportInput.NoSuchPage]);
            return;
        }
        (Report, Rows) = (report, rows);
        if (Position.AfterEventId is not null) return;
        Choices = await report.ChoicesAsync(cancellation);
        Summary = new(report, Data.Prices);
    }

    private void Refuse(IReadOnlyList<Problem> faults) => (Faults, Response.StatusCode) = (faults, StatusCodes.Status422UnprocessableEntity);
}
