using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Domain.Months;

/// <summary>
/// Which months of a subscription are closed. Months are closed in order and reopened in the opposite order, so what comes in for a
/// closed month belongs to the one after the last closed (domain.md rule 8).
/// </summary>
public sealed class ClosedMonths
{
    private readonly Dictionary<UsageMonth, (int Version, long Credits)> _closed;

    private ClosedMonths(IEnumerable<(UsageMonth Month, int Version, long Credits)> inForce) => _closed = inForce.ToDictionary(closing => closing.Month, closing => (closing.Version, closing.Credits));

    /// <summary>What the latest closed month left over; 0 while none is.</summary>
    public long Credits => Latest is { } latest ? _closed[latest].Credits : 0;

    /// <summary>The latest closed month; null while none is.</summary>
    public UsageMonth? Latest => _closed.Count == 0 ? null : _closed.Keys.Max();

    /// <summary>Within a transaction for writing the answer holds until it ends.</summary>
    public static async Task<ClosedMonths> LoadAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var closings = await db.MonthClosings.AsNoTracking().Where(closing => closing.ReopenedAt == null)
            .Select(closing => new { closing.Month, closing.Version, closing.ClosingCredits }).ToListAsync(cancellation);
        return new(closings.Select(closing => (closing.Month, closing.Version, closing.ClosingCredits)));
    }

    /// <param name="closings">Every one of a subscription, those of reopened months too.</param>
    public static ClosedMonths Of(IEnumerable<MonthClosing> closings) =>
        new(closings.Where(closing => closing.ReopenedAt is null).Select(closing => (closing.Month, closing.Version, closing.ClosingCredits)));

    /// <summary>The latest closed month before one, and what it left over; null while none is.</summary>
    public (UsageMonth Month, long Credits)? LatestBefore(UsageMonth month)
    {
        var before = _closed.Keys.Where(closed => closed < month).ToList();
        return before.Count == 0 ? null : (before.Max(), _closed[before.Max()].Credits);
    }

    public bool IsClosed(UsageMonth month) => _closed.ContainsKey(month);

    /// <summary>The month whose report shows what is dated in a month and comes in now.</summary>
    public UsageMonth ReportMonth(UsageMonth month) => Latest is { } latest && month <= latest ? latest.Next : month;

    /// <param name="month">Any month.</param>
    /// <param name="now">Any instant of the month in progress.</param>
    public MonthState StateOf(UsageMonth month, DateTimeOffset now) =>
        new(_closed.TryGetValue(month, out var closing) ? closing.Version : null, month == UsageMonth.Of(now));
}
