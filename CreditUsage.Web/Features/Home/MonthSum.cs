namespace CreditUsage.Features.Home;

/// <summary>What a month, or a part of it, adds up to.</summary>
/// <param name="KnownCostPence">The sum of the stored pence.</param>
/// <param name="Unpriced">Events whose money is withheld.</param>
public sealed record MonthSum(long Events, long Credits, long KnownCostPence, int Unpriced)
{
    /// <summary>Withheld as soon as one event has no price, as on the report.</summary>
    public long? CostPence => Unpriced == 0 ? KnownCostPence : null;
}
