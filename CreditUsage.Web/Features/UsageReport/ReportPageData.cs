using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.UsageReport;

/// <summary>Reads what stands around a result, in one command.</summary>
public sealed class ReportAroundQuery(CreditUsageDb db, CurrentSubscription current)
{
    public async Task<ReportAround> RunAsync(CancellationToken cancellation)
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
            [.. found.Where(row => row.Name.Length > 0).Select(row => new ViewShown(row.Name, row.Query, row.Begins)).OrderBy(view => view.Name, StringComparer.InvariantCulture)],
            found.Any(row => row.AnySaved), found.Sum(row => row.BeingMade));
    }
}
