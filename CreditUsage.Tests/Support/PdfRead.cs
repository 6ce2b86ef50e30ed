using System.Text.RegularExpressions;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;

namespace CreditUsage.Tests.Support;

/// <summary>What a PDF says, read back by other code.</summary>
public static partial class PdfRead
{
    public static PdfDocument Open(byte[] bytes) => PdfDocument.Open(bytes);

    /// <summary>The text of a page without any white space.</summary>
    public static string Dense(this Page page) => string.Concat(page.Letters.Select(letter => letter.Value).Where(value => !string.IsNullOrWhiteSpace(value)));

    /// <summary>The text in one colour, such as (0x8B, 0, 0), without any white space.</summary>
    public static string Dense(this Page page, (int Red, int Green, int Blue) colour) => string.Concat(page.Letters.Where(letter => Rgb(letter) == colour).Select(letter => letter.Value.Trim()));

    /// <summary>Every amount of money, sorted.</summary>
    public static IEnumerable<string> Amounts(this PdfDocument document) =>
        document.GetPages().SelectMany(page => Money().Matches(page.Dense()).Select(match => match.Value)).Order(StringComparer.Ordinal);

    private static (int Red, int Green, int Blue) Rgb(Letter letter)
    {
        var (red, green, blue) = letter.Color!.ToRGBValues();
        return ((int)Math.Round(red * 255), (int)Math.Round(green * 255), (int)Math.Round(blue * 255));
    }

    [GeneratedRegex(@"£[0-9,]+\.[0-9]{2}", RegexOptions.None, 1000)]
    private static partial Regex Money();
}
