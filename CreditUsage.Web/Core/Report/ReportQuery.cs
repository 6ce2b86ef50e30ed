using System.Diagnostics;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

public sealed class ReportQuery(CreditUsageDb db, IMonthProof proof, DataChecks checks, TimeProvider clock)
{
    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) =>
        new(await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.StartsOn).SingleAsync(cancellation), clock.GetUtcNow());

    /// <summary>For the head of a page that has no report.</summary>
    public async Task<(ReportableMonths Months, ClosedMonths Closed)> MonthsAndClosedAsync(CancellationToken cancellation)
    {
        var (subscription, inForce) = await SubscriptionAndClosingsAsync(cancellation);
        return (new(subscription.StartsOn, clock.GetUtcNow()), ClosedMonths.Of(inForce));
    }

    public async Task<int> RowCountAsync(ReportFilter filter, CancellationToken cancellation) => await (await new ReportRows(db, filter).EventsAsync(cancellation)).CountAsync(cancellation);

    public async Task<FilterChoices> ChoicesAsync(ReportFilter filter, CancellationToken cancellation) => await FilterChoices.LoadAsync(db, filter, await NameDictionary.LoadAsync(db, filter, cancellation), cancellation);

    /// <summary>Opens a report in the current transaction, or in a new snapshot until <see cref="CreditUsageReport.EndAsync"/> or the end of the context.</summary>
    /// <exception cref="UntrustedDataException">The database is damaged, or the month is closed and not what was kept of it.</exception>
    public async Task<CreditUsageReport> OpenAsync(ReportFilter filter, CancellationToken cancellation)
    {
        checks.ThrowIfDamaged();
        var report = await OpenOnScreenAsync(filter, cancellation);
        if (report.Difference is null) return report;
        await report.EndAsync();
        throw new UntrustedDataException(StatusCodes.Status409Conflict, report.Difference);
    }

    /// <summary>The same for the screen alone, which shows <see cref="CreditUsageReport.Difference"/>.</summary>
    /// <param name="withDays">Whether to read <see cref="CreditUsageReport.Days"/>.</param>
    public async Task<CreditUsageReport> OpenOnScreenAsync(ReportFilter filter, CancellationToken cancellation, bool withDays = false)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var began = Stopwatch.GetTimestamp();
        var ownsSnapshot = db.Database.CurrentTransaction is null;
        if (ownsSnapshot) await db.BeginSnapshotAsync(cancellation);
        var (subscription, inForce) = await SubscriptionAndClosingsAsync(cancellation);
        var snapshot = new ReportSnapshot(db, subscription, inForce, proof, clock.GetUtcNow(), ownsSnapshot);
        var rows = new ReportRows(db, filter);
        if (withDays) await rows.ReadDaysAsync(cancellation);
        var report = await CreditUsageReport.ReadAsync(snapshot, rows, cancellation);
        SiteMetrics.ReportOpened(began);
        return report;
    }

    /// <summary>For what shows a month without a report: <see cref="CreditUsageReport.Difference"/>.</summary>
    public async Task<string?> DifferenceAsync(UsageMonth month, CancellationToken cancellation)
    {
        var report = await OpenOnScreenAsync(ReportFilter.Whole(month), cancellation);
        await report.EndAsync();
        return report.Difference;
    }

    /// <exception cref="UntrustedDataException">As from <see cref="OpenAsync"/>.</exception>
    public async Task ProveAsync(UsageMonth month, CancellationToken cancellation) => await (await OpenAsync(ReportFilter.Whole(month), cancellation)).EndAsync();

    private async Task<(Subscription Subscription, List<MonthClosing> InForce)> SubscriptionAndClosingsAsync(CancellationToken cancellation)
    {
        var found = await (from subscription in db.Subscriptions.AsNoTracking()
                           where subscription.Id == db.SubscriptionId
                           join one in db.MonthClosings on subscription.Id equals one.SubscriptionId into closings
                           from closing in closings.DefaultIfEmpty()
                           select new { Subscription = subscription, Closing = (MonthClosing?)closing }).ToListAsync(cancellation);
        return (found[0].Subscription, found.Select(row => row.Closing).OfType<MonthClosing>().Where(closing => closing.ReopenedAt is null).ToList());
    }

    /// <summary>A whole month that nothing is shown of before it is proved, in the current transaction.</summary>
    internal async Task<CreditUsageReport> ReadAsync(UsageMonth month, CancellationToken cancellation)
    {
        var subscription = await db.Subscriptions.AsNoTracking().SingleAsync(own => own.Id == db.SubscriptionId, cancellation);
        return await CreditUsageReport.UnprovedAsync(new ReportSnapshot(db, subscription, [], proof, clock.GetUtcNow(), OwnsTransaction: false), new ReportRows(db, ReportFilter.Whole(month)), cancellation);
    }
}
