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

    /// <summary>The pages with rows: without the summary that a report may begin with.</summary>
    public static IEnumerable<Page> RowPages(this PdfDocument document) => document.GetPages().Where(page => page.Number > 1 || !page.Dense().Contains("Priceofacredit:", StringComparison.Ordinal));

    /// <summary>Every amount of money of rows, of groups and of the totals, sorted; without the summary, the subtotals of days and the running totals.</summary>
    public static IEnumerable<string> Amounts(this PdfDocument document) =>
        document.RowPages().SelectMany(page => Money().Matches(Between().Replace(page.Dense(), "")).Select(match => match.Value)).Order(StringComparer.Ordinal);

    /// <summary>The subtotal of each day, such as ("01/10/2026", "£1.50").</summary>
    public static IReadOnlyList<(string Day, string Cost)> DayTotals(this PdfDocument document) =>
        [.. document.RowPages().SelectMany(page => DayTotal().Matches(page.Dense())).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    /// <summary>The running total of each page with rows; null where it has none.</summary>
    public static IReadOnlyList<string?> RunningTotals(this PdfDocument document) =>
        [.. document.RowPages().Select(page => RunningTotal().Match(page.Dense()) is { Success: true } match ? match.Groups[1].Value : null)];

    private static (int Red, int Green, int Blue) Rgb(Letter letter)
    {
        var (red, green, blue) = letter.Color!.ToRGBValues();
        return ((int)Math.Round(red * 255), (int)Math.Round(green * 255), (int)Math.Round(blue * 255));
    }

    [GeneratedRegex(@"£[0-9,]+\.[0-9]{2}", RegexOptions.None, 1000)]
    private static partial Regex Money();

    private const string DayTotalPattern = @"Totalof(\d\d/\d\d/\d{4}):[\d,]+events?(?:,[\d,]+corrections?)?(?:,?-?[\d,]+(?:credits?)?)?(-?£[\d,]+\.\d\d|–)", RunningTotalPattern = @"Runningtotal(-?£[\d,]+\.\d\d|–)";

    [GeneratedRegex(DayTotalPattern, RegexOptions.None, 1000)]
    private static partial Regex DayTotal();

    [GeneratedRegex(RunningTotalPattern, RegexOptions.None, 1000)]
    private static partial Regex RunningTotal();

    [GeneratedRegex($"{DayTotalPattern}|{RunningTotalPattern}", RegexOptions.None, 1000)]
    private static partial Regex Between();
}
