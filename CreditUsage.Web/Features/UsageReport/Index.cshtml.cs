using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Auditing;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

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

    private bool FragmentOnly => Request.IsHtmx() && !Request.IsHtmxHistoryRestoreRequest();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellation)
    {
        Response.Headers.Vary = HtmxRequestHeaders.Keys.Request;
        Input = ReportInput.From(Request.Query);
        Data = await pageQuery.RunAsync(cancellation);
        Months = new(Data.StartsOn, clock.GetUtcNow());
        if (ShorterAddress() is { } address) return Redirect("~" + address);
        if (Input.Asked) await AnswerAsync(cancellation);
        if (FragmentOnly && Input.After is not null && Rows is not null) return Partial("_MoreRows", this);
        // Without a request, the form shows the default view for the month on offer.
        if (!Input.Asked && Data.Default is { } view) (DefaultView, Input) = (view, ReportInput.From(SavedViewQuery.Parameters(view.Query)));
        return FragmentOnly ? Partial("_UsageResults", this) : Page();
    }

    /// <summary>The same report's address without empty parameters; null where there are none.</summary>
    private string? ShorterAddress() => !Request.IsHtmx() && Request.Query.Any(parameter => parameter.Value.Contains("")) && Input.Validate(Months, out var position, out _) is { } filter
        ? filter.AddressOf(position.Page) : null;

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

/// <summary>Reads what the page shows beside a report, in one command.</summary>
public sealed class ReportPageQuery(CreditUsageDb db, CurrentSubscription current)
{
    public async Task<ReportPageData> RunAsync(CancellationToken cancellation)
    {
        var views = db.SavedViews.AsNoTracking().Where(view => view.Owner == current.Actor || view.Shared)
            .Select(view => new { view.Name, view.Query, IsDefault = view.IsDefault && view.Owner == current.Actor, AnySaved = false, BeingMade = 0, StartsOn = default(DateOnly?), PriceFrom = default(DateOnly?), PriceMicros = default(long?) });
        var rest = db.Subscriptions.Where(own => own.Id == db.SubscriptionId).Select(own => new
        {
            Name = "",
            Query = "",
            IsDefault = false,
            AnySaved = db.SavedReports.Any(report => report.SubscriptionId == own.Id),
            BeingMade = db.ReportJobs.Count(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running),
            StartsOn = (DateOnly?)own.StartsOn,
            PriceFrom = default(DateOnly?),
            PriceMicros = default(long?),
        });
        var prices = db.CreditPrices.AsNoTracking().Select(price => new
        {
            Name = "",
            Query = "",
            IsDefault = false,
            AnySaved = false,
            BeingMade = 0,
            StartsOn = default(DateOnly?),
            PriceFrom = (DateOnly?)price.ValidFrom,
            PriceMicros = (long?)price.PriceMicros,
        });
        var found = await views.Concat(rest).Concat(prices).ToListAsync(cancellation);
        return new(
            [.. found.Where(row => row.Name.Length > 0).Select(row => new SavedViewLink(row.Name, row.Query, row.IsDefault)).OrderBy(view => view.Name, StringComparer.InvariantCulture)],
            found.Any(row => row.AnySaved), found.Sum(row => row.BeingMade), found.Max(row => row.StartsOn)!.Value,
            [.. found.Where(row => row.PriceFrom is not null).Select(row => new DatedPrice(row.PriceFrom!.Value, row.PriceMicros!.Value)).OrderBy(price => price.From)]);
    }
}

/// <param name="AnySaved">Whether the folder icon leads anywhere.</param>
/// <param name="StartsOn">The first day of the subscription.</param>
/// <param name="Prices">Of a credit, the oldest first.</param>
public sealed record ReportPageData(IReadOnlyList<SavedViewLink> Views, bool AnySaved, int BeingMade, DateOnly StartsOn, IReadOnlyList<DatedPrice> Prices)
{
    public SavedViewLink? Default => Views.FirstOrDefault(view => view.IsDefault);
}

/// <param name="Micros">Millionths of a pound.</param>
public sealed record DatedPrice(DateOnly From, long Micros);
