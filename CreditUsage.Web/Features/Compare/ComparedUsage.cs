using CreditUsage.Core.Report;

namespace CreditUsage.Features.Compare;

/// <summary>What something came to in two months, and how the difference splits up.</summary>
/// <param name="Title">Whose it is, or "Total".</param>
/// <param name="RepricedPence">
/// What this month's credits would have cost at the earlier month's prices: for each event its credits times the price that was valid on the same day of that month, rounded as
/// the event was; where that month has no price, the average of what its credits cost. Null where that cannot be told either.
/// </param>
public sealed record ComparedUsage(string Title, UsageTotal Before, UsageTotal Now, long? RepricedPence)
{
    public long Events => Now.Events - Before.Events;

    public long Credits => Now.Credits - Before.Credits;

    /// <summary>Null where money is withheld in either month.</summary>
    public long? CostPence => Now.CostPence - Before.CostPence;

    /// <summary>The part of the difference that would not be there had prices stayed as they were.</summary>
    public long? PricePence => Now.CostPence - RepricedPence;

    /// <summary>The rest of it: what was used more or less.</summary>
    public long? UsePence => CostPence - PricePence;

    /// <summary>"Came", "Went", "Changed" or "As before".</summary>
    public string Change => (Before.Rows, Now.Rows) switch
    {
        (0, > 0) => "Came",
        ( > 0, 0) => "Went",
        _ => Before == Now ? "As before" : "Changed",
    };

    /// <summary>Whole percent of the earlier cost, rounded half away from zero; null where there was none.</summary>
    public long? Percent => CostPence is { } difference && Before.CostPence is > 0 and { } before ? (long)Math.Round(difference * 100m / before, MidpointRounding.AwayFromZero) : null;
}
