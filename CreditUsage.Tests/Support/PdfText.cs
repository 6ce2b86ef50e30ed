using UglyToad.PdfPig;

namespace CreditUsage.Tests.Support;

/// <summary>A PDF read back by a library that had no part in making it.</summary>
public static class PdfText
{
    /// <summary>The words of each page, in the order of the page.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Words(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return document.GetPages().Select(page => (IReadOnlyList<string>)page.GetWords().Select(word => word.Text).ToList()).ToList();
    }

    /// <summary>Every amount in pounds on the pages, in pence, in no particular order.</summary>
    public static IReadOnlyList<long> Amounts(byte[] pdf) => Words(pdf).SelectMany(words => words).Where(word => word.StartsWith('£'))
        .Select(word => (long)(decimal.Parse(word[1..].TrimEnd('.', ','), System.Globalization.CultureInfo.InvariantCulture) * 100)).ToList();
}
