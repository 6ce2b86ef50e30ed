using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report;

/// <param name="Micros">Millionths of a pound per credit; null where events stated their own cost, or have none, and for corrections of the cost alone.</param>
/// <param name="CostAlone">Whether these are corrections that change the cost and no credits.</param>
public sealed record UsageAtPrice(long? Micros, bool CostAlone, int Rows, long Credits, long CostPence, int Unpriced)
{
    /// <summary>In pounds before any rounding; null where there is no price.</summary>
    public decimal? ExactPounds => Micros * Credits / (decimal)CreditPrice.MicrosPerPound;
}

/// <param name="Micros">Millionths of a pound.</param>
public sealed record DatedPrice(DateOnly From, long Micros)
{
    /// <summary>"£0.45", or "£0.45 to £0.48" where it changed in the month; a dash where there was none.</summary>
    /// <param name="prices">The oldest first.</param>
    public static string Of(UsageMonth month, IReadOnlyList<DatedPrice> prices)
    {
        var before = prices.LastOrDefault(price => price.From <= month.Start);
        var valid = prices.Where(price => price == before || month.Contains(price.From)).Select(price => price.Micros).ToList();
        return valid.Count == 0 ? "–" : valid.Min() == valid.Max() ? Pounds(valid[0]) : $"{Pounds(valid.Min())} to {Pounds(valid.Max())}";

        static string Pounds(long micros) => string.Create(Display.British, $"£{micros / (decimal)CreditPrice.MicrosPerPound:0.00####}");
    }
}
