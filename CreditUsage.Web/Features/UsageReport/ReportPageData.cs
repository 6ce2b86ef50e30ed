using CreditUsage.Core;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>Reads what stands around a result, in one command.</summary>
public sealed class ReportPageQuery(CreditUsageDb db, CurrentSubscription current)
{
    public async Task<ReportPageData> RunAsync(CancellationToken cancellation)
    {
        var views = db.SavedViews.AsNoTracking().Where(view => view.Owner == current.Actor || view.Shared)
            .Select(view => new { view.Name, view.Query, Begins = view.IsDefault && view.Owner == current.Actor, AnySaved = false, BeingMade = 0 });
        var rest = db.Subscriptions.Where(own => own.Id == db.SubscriptionId).Select(own => new
        {
            Name = "",
            Query = "",
            Begins = false,
            AnySaved = db.SavedReports.Any(report => report.SubscriptionId == own.Id),
            BeingMade = db.ReportJobs.Count(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running),
        });
        var found = await views.Concat(rest).ToListAsync(cancellation);
        return new(
            [.. found.Where(row => row.Name.Length > 0).Select(row => new SavedViewLink(row.Name, row.Query, row.Begins)).OrderBy(view => view.Name, StringComparer.InvariantCulture)],
            found.Any(row => row.AnySaved), found.Sum(row => row.BeingMade));
    }
}

/// <summary>What stands around a result.</summary>
/// <param name="Views">Those that can be chosen, by name.</param>
/// <param name="AnySaved">Whether the folder icon leads anywhere.</param>
/// <param name="BeingMade">Reports that wait or are made in the background.</param>
public sealed record ReportPageData(IReadOnlyList<SavedViewLink> Views, bool AnySaved, int BeingMade)
{
    public static ReportPageData Nothing { get; } = new([], AnySaved: false, BeingMade: 0);

    /// <summary>The view that the report begins with before anything was asked; null where none was chosen.</summary>
    public SavedViewLink? Default => Views.FirstOrDefault(view => view.Begins);
}

/// <summary>What the results region shows: a report with some of its rows, what was wrong, or nothing yet.</summary>
public sealed record UsageResults(CreditUsageReport? Report, UsagePage? Page, UsagePosition Position, IReadOnlyList<Problem> Faults)
{
    private const string PageName = "Credit Usage Report";

    /// <summary>What the report can be narrowed to; null without a report.</summary>
    public FilterChoices? Choices { get; init; }

    /// <summary>The saved views that can be chosen.</summary>
    public IReadOnlyList<SavedViewLink> Views { get; init; } = [];

    /// <summary>What the form brings to the first query from the default view, beside its own fields.</summary>
    public IReadOnlyList<(string Name, string Value)> Begins { get; init; } = [];

    public static UsageResults None { get; } = new(null, null, new UsagePosition(1, null), []);

    /// <summary>The page's title with these results on it, without the site's name.</summary>
    public string Title => (Faults.Count, Report) switch
    {
        ( > 0, _) => $"Error: {PageName}",
        (_, { } report) => $"{PageName} - {report.Filter.Month.Name}",
        _ => PageName,
    };
}
