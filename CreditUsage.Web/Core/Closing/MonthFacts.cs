using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Closing;

/// <summary>A subscription's months: which can be asked for, which are closed, and every version of one that was.</summary>
/// <param name="AsAt">Decides which month is in progress.</param>
/// <param name="StartsOn">The subscription's first day.</param>
/// <param name="ChargesTopUpsFrom">The first day that daily top-ups are charged for here; null while they only come in.</param>
/// <param name="Closings">Of every month, those that were reopened too.</param>
public sealed record MonthCalendar(DateTimeOffset AsAt, DateOnly StartsOn, DateOnly? ChargesTopUpsFrom, IReadOnlyList<MonthClosing> Closings)
{
    public ReportableMonths Months { get; } = new(StartsOn, AsAt);

    public ClosedMonths Closed { get; } = ClosedMonths.Of(Closings);

    /// <summary>In one command.</summary>
    /// <param name="now">Decides which month is in progress.</param>
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

    /// <summary>The versions of a month, the latest first.</summary>
    public IReadOnlyList<MonthClosing> VersionsOf(UsageMonth month) => [.. Closings.Where(closing => closing.Month == month).OrderByDescending(closing => closing.Version)];
}
