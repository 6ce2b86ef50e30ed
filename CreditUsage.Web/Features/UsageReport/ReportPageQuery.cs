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
