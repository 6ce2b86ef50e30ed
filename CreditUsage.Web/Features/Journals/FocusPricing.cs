using System.Globalization;
using CreditUsage.Domain.Credits;

namespace CreditUsage.Features.Journals;

/// <summary>How a charge is priced in FOCUS: unit price times quantity is the cost exactly, and no unit price is negative.</summary>
/// <param name="Quantity">Of <paramref name="Unit"/>; negative where something is taken back.</param>
public sealed record FocusPricing(long UnitPriceMicros, int Quantity, string Unit)
{
    private const string Credits = "Credits";
    private const long MicrosPerPenny = CreditPrice.MicrosPerPound / 100;

    /// <summary>In pounds, with fractions of a penny where the price has them.</summary>
    public string UnitPrice => Pounds(UnitPriceMicros);

    public string Cost => Pounds(checked(UnitPriceMicros * Quantity));

    /// <summary>By the credit price; where the charge has its own cost, by what that makes a credit, or else as one whole.</summary>
    /// <param name="priceMicros">Null where the charge stated its own cost.</param>
    /// <param name="whole">The unit of a charge that is priced as one whole.</param>
    public static FocusPricing Of(long? priceMicros, int credits, long pence, string whole)
    {
        // A correction may have a cost of its own beside the price of what it corrects; two roundings differ by a penny at most.
        if (priceMicros is { } price && Math.Abs(checked(price * credits) - checked(pence * MicrosPerPenny)) <= MicrosPerPenny) return new(price, credits, Credits);
        var micros = checked(pence * MicrosPerPenny);
        if (credits != 0 && micros % credits == 0 && micros / credits >= 0) return new(micros / credits, credits, Credits);
        return new(Math.Abs(micros), Math.Sign(micros), whole);
    }

    private static string Pounds(long micros) => (micros / (decimal)CreditPrice.MicrosPerPound).ToString("0.00####", CultureInfo.InvariantCulture);
}
