using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Credits;

/// <summary>
/// The ledger read as statements. Usage events are its usage entries and are never copied: the database sums them. Everything
/// that a statement holds is of the same instant.
/// </summary>
public sealed class CreditLedger(CreditUsageDb db, CreditBalance balance, TimeProvider clock)
{
    private Subscription? _subscription;

    /// <summary>The months that can be asked for.</summary>
    public async Task<ReportableMonths> MonthsAsync(CancellationToken cancellation) => new((await SubscriptionAsync(cancellation)).StartsOn, clock.GetUtcNow());

    public async Task<CreditStatement> StatementAsync(StatementFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await db.BeginSnapshotAsync(cancellation);
        var now = clock.GetUtcNow();
        var period = new StatementPeriod(filter);
        var closed = await ClosedMonths.LoadAsync(db, cancellation);
        var opening = filter.Basis == StatementBasis.Service ? await balance.BeforeAsync(closed, filter.Month, cancellation) : await balance.AvailableAsync(period.LastInstantBefore, cancellation);
        IEnumerable<StatementRow> rows =
        [
            .. (await period.Of(db.LedgerEntries.AsNoTracking()).ToListAsync(cancellation)).OrderBy(entry => entry.Id).Select(period.Row),
            .. (await UsageAsync(period, cancellation)).Select(period.Row),
            .. (await CorrectionsAsync(period, cancellation)).Select(period.Row),
        ];
        return new CreditStatement(await SubscriptionAsync(cancellation), filter, closed.StateOf(filter.Month, now), opening, Running(opening, rows), now);
    }

    private async Task<Subscription> SubscriptionAsync(CancellationToken cancellation) =>
        _subscription ??= await db.Subscriptions.AsNoTracking().SingleAsync(subscription => subscription.Id == db.SubscriptionId, cancellation);

    /// <summary>Usage without corrections, by day and kind.</summary>
    private async Task<IEnumerable<UsageOfDay>> UsageAsync(StatementPeriod period, CancellationToken cancellation)
    {
        var usage = period.Of(db.UsageEvents.AsNoTracking()).Where(usage => usage.Correction == null);
        if (period.Basis == StatementBasis.Service)
            return await usage.GroupBy(one => new { one.ServiceDate, one.Kind })
                .Select(day => new UsageOfDay(day.Key.ServiceDate, day.Key.ServiceDate, day.Key.Kind, day.Count(), day.Sum(one => (long)one.Credits))).ToListAsync(cancellation);

        // The database cannot tell the day of an instant that it keeps as a number, so these are counted here.
        var posted = await usage.Select(one => new { one.PostedAt, one.ServiceDate, one.Kind, one.Credits }).ToListAsync(cancellation);
        return posted.GroupBy(one => (Day: DateOnly.FromDateTime(one.PostedAt.UtcDateTime), one.ServiceDate, one.Kind))
            .Select(day => new UsageOfDay(day.Key.Day, day.Key.ServiceDate, day.Key.Kind, day.Count(), day.Sum(one => (long)one.Credits)));
    }

    private Task<List<CorrectedUsage>> CorrectionsAsync(StatementPeriod period, CancellationToken cancellation) =>
        (from correction in period.Of(db.UsageEvents.AsNoTracking()).Where(usage => usage.Correction != null)
         join original in db.UsageEvents on correction.CorrectsId equals original.Id
         orderby correction.Id
         select new CorrectedUsage(correction.ServiceDate, correction.PostedAt, correction.Kind, original.EventId, correction.Reason ?? "", correction.Credits)).ToListAsync(cancellation);

    private static List<StatementRow> Running(long opening, IEnumerable<StatementRow> rows)
    {
        var balance = opening;
        return rows.OrderBy(row => row.Day).ThenBy(row => row.Line).Select(row => row with { Balance = balance += row.Credits }).ToList();
    }
}

/// <summary>What one kind of usage of one day adds up to.</summary>
/// <param name="Day">By the statement's basis.</param>
/// <param name="ServiceDate">The day it is dated by.</param>
public sealed record UsageOfDay(DateOnly Day, DateOnly ServiceDate, UsageKind Kind, int Events, long Credits);

/// <summary>A correction of usage, and the event that it puts right.</summary>
public sealed record CorrectedUsage(DateOnly ServiceDate, DateTimeOffset PostedAt, UsageKind Kind, string EventId, string Reason, int Credits);
