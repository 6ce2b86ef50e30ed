using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

public sealed class ReportQuery(CreditUsageDb db, TimeProvider clock)
{
    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) =>
        new(await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation), clock.GetUtcNow());

    public async Task<int> RowCountAsync(ReportFilter filter, CancellationToken cancellation) => await (await new ReportRows(db, filter).EventsAsync(cancellation)).CountAsync(cancellation);

    /// <summary>Opens a report in the current transaction, or in a new snapshot until <see cref="CreditUsageReport.EndAsync"/> or the end of the context.</summary>
    public async Task<CreditUsageReport> OpenAsync(ReportFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var ownsSnapshot = db.Database.CurrentTransaction is null;
        if (ownsSnapshot) await db.BeginSnapshotAsync(cancellation);
        var found = await (from subscription in db.Subscriptions.AsNoTracking()
                           where subscription.Id == db.SubscriptionId
                           join one in db.MonthClosings on subscription.Id equals one.SubscriptionId into closings
                           from closing in closings.DefaultIfEmpty()
                           select new { Subscription = subscription, Closing = (MonthClosing?)closing }).ToListAsync(cancellation);
        var snapshot = new ReportSnapshot(db, found[0].Subscription, ClosedMonths.Of(found.Select(row => row.Closing).OfType<MonthClosing>()), clock.GetUtcNow(), ownsSnapshot);
        return await CreditUsageReport.ReadAsync(snapshot, new ReportRows(db, filter), cancellation);
    }
}
