using CreditUsage.Core;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Credits;

/// <summary>A price with the days that it governs.</summary>
/// <param name="LastDay">The day before the next price's; null for the last price.</param>
/// <param name="Events">How many events were priced by it.</param>
/// <param name="Future">It has not begun.</param>
public sealed record PricePeriod(CreditPrice Price, DateOnly? LastDay, int Events, bool Future)
{
    public bool Removable => Future && Events == 0;

    public string PriceShown => Shown(Price.PriceMicros);

    /// <summary>"01/08/2024 to 31/03/2025", "from 01/04/2026", "from 01/01/2027 (future)".</summary>
    public string DaysShown => (LastDay is { } last ? $"{Display.Day(Price.ValidFrom)} to {Display.Day(last)}" : $"from {Display.Day(Price.ValidFrom)}") + (Future ? " (future)" : "");

    /// <summary>"August 2024 to March 2025", "April 2026 on".</summary>
    public string MonthsShown
    {
        get
        {
            var first = UsageMonth.Of(Price.ValidFrom);
            if (LastDay is not { } last) return $"{first.Name} on";
            return UsageMonth.Of(last) == first ? first.Name : $"{first.Name} to {UsageMonth.Of(last).Name}";
        }
    }

    /// <summary>"£0.45", "£0.525".</summary>
    /// <param name="micros">Millionths of a pound.</param>
    public static string Shown(long micros) => string.Create(Display.British, $"£{micros / (decimal)CreditPrice.MicrosPerPound:#,##0.00####}");
}
