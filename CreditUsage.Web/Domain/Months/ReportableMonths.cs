namespace CreditUsage.Domain.Months;

/// <summary>The months that a report may be asked for: from the subscription's start to the current one (domain.md rule 9).</summary>
/// <param name="startsOn">The subscription's first day.</param>
/// <param name="now">Any instant of the current month.</param>
public sealed class ReportableMonths(DateOnly startsOn, DateTimeOffset now)
{
    public UsageMonth First { get; } = UsageMonth.Of(startsOn);

    /// <summary>The month in progress.</summary>
    public UsageMonth Current { get; } = UsageMonth.Of(now);

    /// <summary>The last complete month, or the current one when there is none yet.</summary>
    public UsageMonth Default => Current > First ? Current.Previous : First;

    /// <summary>All of them, the latest first.</summary>
    public IEnumerable<UsageMonth> All => Enumerable.Range(0, Current.Number - First.Number + 1).Select(back => UsageMonth.FromNumber(Current.Number - back));

    /// <summary>Why a month cannot be reported and what to choose instead; null when it can.</summary>
    public string? Refusal(UsageMonth month)
    {
        if (month < First) return $"{month.Name} is before the subscription began. Choose a month from {First.Name} to {Current.Name}.";
        if (month > Current) return $"{month.Name} has not begun. Choose a month from {First.Name} to {Current.Name}.";
        return null;
    }
}
