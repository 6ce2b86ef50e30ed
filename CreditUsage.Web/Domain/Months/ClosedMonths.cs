namespace CreditUsage.Domain.Months;

/// <summary>
/// Which months of a subscription are closed. Months are closed in order and reopened in the opposite order, so an event that comes
/// in for a closed month belongs to the month after the last closed one (domain.md rule 8).
/// </summary>
public sealed class ClosedMonths
{
    private readonly Dictionary<UsageMonth, (int Version, long Credits)> _closed;

    private ClosedMonths(Dictionary<UsageMonth, (int Version, long Credits)> closed) => _closed = closed;

    /// <summary>Credits in hand after the latest closed month; 0 while none is closed.</summary>
    public long Credits => Latest is { } latest ? _closed[latest].Credits : 0;

    /// <summary>Null while none is closed.</summary>
    public UsageMonth? Latest => _closed.Count == 0 ? null : _closed.Keys.Max();

    /// <param name="closings">Every closing in force of a subscription; those that were reopened are passed over.</param>
    public static ClosedMonths Of(IEnumerable<MonthClosing> closings) =>
        new(closings.Where(closing => closing.ReopenedAt is null).ToDictionary(closing => closing.Month, closing => (closing.Version, closing.ClosingCredits)));

    /// <summary>The latest closed month before <paramref name="month"/>, with the credits in hand after it; null where there is none.</summary>
    public (UsageMonth Month, long Credits)? LatestBefore(UsageMonth month)
    {
        var before = _closed.Keys.Where(closed => closed < month).ToList();
        return before.Count == 0 ? null : (before.Max(), _closed[before.Max()].Credits);
    }

    public bool IsClosed(UsageMonth month) => _closed.ContainsKey(month);

    /// <summary>The month whose report shows an event that is dated in <paramref name="month"/> and comes in now (domain.md rule 8).</summary>
    public UsageMonth ReportMonth(UsageMonth month) => Latest is { } latest && month <= latest ? latest.Next : month;

    public MonthState StateOf(UsageMonth month, DateTimeOffset now) =>
        new(_closed.TryGetValue(month, out var closing) ? closing.Version : null, month == UsageMonth.Of(now));
}
