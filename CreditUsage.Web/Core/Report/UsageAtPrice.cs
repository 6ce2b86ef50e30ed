using CreditUsage.Domain.Credits;

namespace CreditUsage.Core.Report;

/// <summary>What was charged at one price.</summary>
/// <param name="Micros">Millionths of a pound for a credit; null where events stated their own cost, or have none.</param>
/// <param name="Rows">Events and corrections.</param>
/// <param name="CostPence">The sum of the stored pence.</param>
/// <param name="Unpriced">Events whose money is withheld.</param>
public sealed record UsageAtPrice(long? Micros, int Rows, long Credits, long CostPence, int Unpriced)
{
    /// <summary>Credits times price before any rounding, in pounds; null where there is no price.</summary>
    public decimal? ExactPounds => Micros * Credits / (decimal)CreditPrice.MicrosPerPound;
}
