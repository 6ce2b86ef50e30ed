using System.Globalization;

namespace CreditUsage.Core;

public static class WholeNumber
{
    /// <summary>From 1 to <paramref name="most"/>, in digits alone; null for anything else.</summary>
    public static int? Read(string? text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;
}
