using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Closing;

/// <summary>A subscription's months: which can be requested, which are closed, and every closed version.</summary>
/// <param name="ChargesTopUpsFrom">The first day that daily top-ups are charged for here; null while they are only imported.</param>
/// <param name="Closings">Of every month, including reopened ones.</param>
public sealed record MonthCalendar(DateTimeOffset AsAt, DateOnly StartsOn, DateOnly? ChargesTopUpsFrom, IReadOnlyList<MonthClosing> Closings)
{
    public ReportableMonths Months { get; } = new(StartsOn, AsAt);

    public ClosedMonths Closed { get; } = ClosedMonths.Of(Closings);

    public static async Task<MonthCalendar> LoadAsync(CreditUsageDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var found = await (from subscription in db.Subscriptions.AsNoTracking()
                           where subscription.Id == db.SubscriptionId
                           join one in db.MonthClosings on subscription.Id equals one.SubscriptionId into closings
                           from closing in closings.DefaultIfEmpty()
                           select new { subscription.StartsOn, subscription.ChargesTopUpsFrom, Closing = (MonthClosing?)closing }).ToListAsync(cancellation);
        return new(now, found[0].StartsOn, found[0].ChargesTopUpsFrom, [.. found.Select(row => row.Closing).OfType<MonthClosing>()]);
    }

    public MonthState StateOf(UsageMonth month) => Closed.StateOf(month, AsAt);

    public IReadOnlyList<MonthClosing> VersionsOf(UsageMonth month) => [.. Closings.Where(closing => closing.Month == month).OrderByDescending(closing => closing.Version)];
}

/// <summary>One service date in a month's report; a late day lies before the month.</summary>
/// <param name="CostPence">Without events that have no cost.</param>
/// <param name="TopUps">Without corrections.</param>
public sealed record MonthDay(DateOnly ServiceDate, int Events, int Corrections, long Credits, long CostPence, int Unpriced, int TopUps)
{
    public static async Task<IReadOnlyList<MonthDay>> ListAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.UsageEvents.Where(usage => usage.ReportMonth == month).GroupBy(usage => usage.ServiceDate).Select(day => new MonthDay(
            day.Key,
            day.Count(usage => usage.Correction == null),
            day.Count(usage => usage.Correction != null),
            day.Sum(usage => (long)usage.Credits),
            day.Sum(usage => usage.CostPence ?? 0),
            day.Count(usage => usage.CostPence == null),
            day.Count(usage => usage.Kind == UsageKind.DailyTopUp && usage.Correction == null))).ToListAsync(cancellation);
    }
}

public sealed record MonthFacts(UsageMonth Month, MonthCalendar Calendar, IReadOnlyList<MonthDay> Days)
{
    public int Unpriced => Days.Sum(day => day.Unpriced);

    public MonthLine Line => new(
        Month, Calendar.StateOf(Month), Days.Sum(day => day.Events), Days.Sum(day => day.Corrections), Days.Sum(day => day.Credits), Unpriced == 0 ? Days.Sum(day => day.CostPence) : null);

    public static async Task<MonthFacts> LoadAsync(CreditUsageDb db, UsageMonth month, DateTimeOffset now, CancellationToken cancellation) =>
        new(month, await MonthCalendar.LoadAsync(db, now, cancellation), await MonthDay.ListAsync(db, month, cancellation));
}

internal static class MonthVersions
{
    /// <summary>The latest version, in force or reopened since; 0 where the month was never closed.</summary>
    public static async Task<int> LatestAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation) =>
        await db.MonthClosings.Where(closing => closing.Month == month).MaxAsync(closing => (int?)closing.Version, cancellation) ?? 0;
}

public sealed record MonthLine(UsageMonth Month, MonthState State, int Events, int Corrections, long Credits, long? CostPence);
