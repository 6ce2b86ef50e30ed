using CreditUsage.Domain.Credits;

namespace CreditUsage.Core.Report;

/// <param name="Events">Without corrections.</param>
/// <param name="DeviceDays">Of daily top-ups, less reversed ones.</param>
/// <param name="Unpriced">Events whose money is withheld because no price is valid on their day.</param>
public sealed record UsageTotal(int Events, int Corrections, long Minutes, int DeviceDays, long Credits, long KnownCostPence, int Unpriced)
{
    public static UsageTotal Nothing { get; } = new(0, 0, 0, 0, 0, 0, 0);

    public int Rows => Events + Corrections;

    /// <summary>Pence; withheld as soon as one event has no price, since a partial sum would read as the whole.</summary>
    public long? CostPence => Unpriced == 0 ? KnownCostPence : null;

    public static UsageTotal operator +(UsageTotal left, UsageTotal right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.Events + right.Events, left.Corrections + right.Corrections, left.Minutes + right.Minutes, left.DeviceDays + right.DeviceDays,
            left.Credits + right.Credits, left.KnownCostPence + right.KnownCostPence, left.Unpriced + right.Unpriced);
    }
}

/// <param name="Micros">Millionths of a pound per credit; null where events stated their own cost, or have none.</param>
public sealed record UsageAtPrice(long? Micros, int Rows, long Credits, long CostPence, int Unpriced)
{
    /// <summary>In pounds before any rounding; null where there is no price.</summary>
    public decimal? ExactPounds => Micros * Credits / (decimal)CreditPrice.MicrosPerPound;
}
