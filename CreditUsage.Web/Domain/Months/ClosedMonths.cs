namespace CreditUsage.Domain.Months;

/// <summary>Months close in order and reopen in reverse order, so an event for a closed month counts in the month after the latest closed one (domain.md rule 8).</summary>
public sealed class ClosedMonths
{
    private readonly Dictionary<UsageMonth, (int Version, long Credits)> _closed;

    private ClosedMonths(Dictionary<UsageMonth, (int Version, long Credits)> closed) => _closed = closed;

    public long Credits => Latest is { } latest ? _closed[latest].Credits : 0;

    public UsageMonth? Latest => _closed.Count == 0 ? null : _closed.Keys.Max();

    public static ClosedMonths Of(IEnumerable<MonthClosing> closings) =>
        new(closings.Where(closing => closing.ReopenedAt is null).ToDictionary(closing => closing.Month, closing => (closing.Version, closing.ClosingCredits)));

    /// <summary>Null where none is closed before <paramref name="month"/>. The credits are those in hand after the month found.</summary>
    public (UsageMonth Month, long Credits)? LatestBefore(UsageMonth month)
    {
        var before = _closed.Keys.Where(closed => closed < month).ToList();
        return before.Count == 0 ? null : (before.Max(), _closed[before.Max()].Credits);
    }

    public bool IsClosed(UsageMonth month) => _closed.ContainsKey(month);

    /// <summary>The month that reports an event dated in <paramref name="month"/> that comes in now (domain.md rule 8).</summary>
    public UsageMonth ReportMonth(UsageMonth month) => Latest is { } latest && month <= latest ? latest.Next : month;

    public MonthState StateOf(UsageMonth month, DateTimeOffset now) =>
        new(_closed.TryGetValue(month, out var closing) ? closing.Version : null, month == UsageMonth.Of(now));
}
