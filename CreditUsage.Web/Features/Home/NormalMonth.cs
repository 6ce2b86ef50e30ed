namespace CreditUsage.Features.Home;

/// <summary>What months come to on average, each figure rounded to a whole one, half away from zero.</summary>
/// <param name="Months">How many there are; at least 1.</param>
/// <param name="CostPence">Null where the money of one is withheld.</param>
public sealed record NormalMonth(int Months, long Events, long Credits, long? CostPence)
{
    public static NormalMonth Of(IReadOnlyList<MonthSum> months)
    {
        ArgumentNullException.ThrowIfNull(months);
        return new(
            months.Count, Average(months.Sum(month => month.Events)), Average(months.Sum(month => month.Credits)),
            months.All(month => month.CostPence is not null) ? Average(months.Sum(month => month.KnownCostPence)) : null);

        long Average(long sum) => Rounded(sum, months.Count);
    }

    /// <summary>A whole number nearest to a fraction, half away from zero.</summary>
    /// <param name="divisor">Above 0.</param>
    internal static long Rounded(long dividend, long divisor) => ((2 * dividend) + (Math.Sign(dividend) * divisor)) / (2 * divisor);
}
