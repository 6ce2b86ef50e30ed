using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>Reads what the page shows beside a report, in one command.</summary>
public sealed class ReportPageQuery(CreditUsageDb db, CurrentSubscription current)
{
    public async Task<ReportPageData> RunAsync(CancellationToken cancellation)
    {
        var views = db.SavedViews.AsNoTracking().Where(view => view.Owner == current.Actor || view.Shared)
            .Select(view => new { view.Name, view.Query, IsDefault = view.IsDefault && view.Owner == current.Actor, AnySaved = false, BeingMade = 0 });
        var rest = db.Subscriptions.Where(own => own.Id == db.SubscriptionId).Select(own => new
        {
            Name = "",
            Query = "",
            IsDefault = false,
            AnySaved = db.SavedReports.Any(report => report.SubscriptionId == own.Id),
            BeingMade = db.ReportJobs.Count(job => job.State == ReportJobState.Queued || job.State == ReportJobState.Running),
        });
        var found = await views.Concat(rest).ToListAsync(cancellation);
        return new(
            [.. found.Where(row => row.Name.Length > 0).Select(row => new SavedViewLink(row.Name, row.Query, row.IsDefault)).OrderBy(view => view.Name, StringComparer.InvariantCulture)],
            found.Any(row => row.AnySaved), found.Sum(row => row.BeingMade));
    }
}

/// <param name="AnySaved">Whether the folder icon leads anywhere.</param>
/// <param name="BeingMade">Reports that are queued or running.</param>
public sealed record ReportPageData(IReadOnlyList<SavedViewLink> Views, bool AnySaved, int BeingMade)
{
    public static ReportPageData Nothing { get; } = new([], AnySaved: false, BeingMade: 0);

    public SavedViewLink? Default => Views.FirstOrDefault(view => view.IsDefault);
}
