using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data;

/// <summary>
/// Which months of a subscription are closed. Months are closed in order and reopened in the opposite order, so what comes in for a
/// closed month belongs to the one after the last closed (domain.md rule 8).
/// </summary>
public sealed class ClosedMonths
{
    private readonly Dictionary<UsageMonth, int> _versions;

    private ClosedMonths(Dictionary<UsageMonth, int> versions, long credits) => (_versions, Credits) = (versions, credits);

    /// <summary>What the latest closed month left over; 0 while none is.</summary>
    public long Credits { get; }

    /// <summary>The latest closed month; null while none is.</summary>
    public UsageMonth? Latest => _versions.Count == 0 ? null : _versions.Keys.Max();

    /// <summary>Within a transaction for writing the answer holds until it ends.</summary>
    public static async Task<ClosedMonths> LoadAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var closings = await db.MonthClosings.AsNoTracking().Where(closing => closing.ReopenedAt == null)
            .Select(closing => new { closing.Month, closing.Version, closing.ClosingCredits }).ToListAsync(cancellation);
        return new(closings.ToDictionary(closing => closing.Month, closing => closing.Version), closings.MaxBy(closing => closing.Month)?.ClosingCredits ?? 0);
    }

    public bool IsClosed(UsageMonth month) => _versions.ContainsKey(month);

    /// <summary>The month whose report shows what is dated in a month and comes in now.</summary>
    public UsageMonth ReportMonth(UsageMonth month) => Latest is { } latest && month <= latest ? latest.Next : month;

    /// <param name="month">Any month.</param>
    /// <param name="now">Any instant of the month in progress.</param>
    public MonthState StateOf(UsageMonth month, DateTimeOffset now) =>
        new(_versions.TryGetValue(month, out var version) ? version : null, month == UsageMonth.Of(now));
}
