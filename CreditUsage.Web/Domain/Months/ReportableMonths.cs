namespace CreditUsage.Domain.Months;

/// <summary>The months that can be reported: from the subscription's start to the current one (domain.md rule 9).</summary>
public sealed class ReportableMonths(DateOnly startsOn, DateTimeOffset now)
{
    public UsageMonth First { get; } = UsageMonth.Of(startsOn);

    public UsageMonth Current { get; } = UsageMonth.Of(now);

    /// <summary>The last complete month, or the current one where there is none yet.</summary>
    public UsageMonth Default => Current > First ? Current.Previous : First;

    public IEnumerable<UsageMonth> All => Enumerable.Range(0, Current.Number - First.Number + 1).Select(back => UsageMonth.FromNumber(Current.Number - back));

    public string? Refusal(UsageMonth month)
    {
        if (month < First) return $"{month.Name} is before the subscription began. Choose a month from {First.Name} to {Current.Name}.";
        if (month > Current) return $"{month.Name} has not begun. Choose a month from {First.Name} to {Current.Name}.";
        return null;
    }
}
