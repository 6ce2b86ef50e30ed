using System.Globalization;

namespace CreditUsage.Core;

/// <summary>A number as an address or a form has it.</summary>
public static class WholeNumber
{
    /// <summary>From 1 to the most there may be, in digits alone; null where it is anything else.</summary>
    public static int? Read(string? text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;
}
