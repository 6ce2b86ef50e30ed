using System.Collections.Concurrent;
using System.Text;
using CreditUsage.Platform.Pdf;

namespace CreditUsage.Core.Paper;

/// <summary>Widths in px of text on one line of paper: by the fonts that print it, or by estimate where they cannot be read.</summary>
internal static class LetterWidth
{
    private const double FontPx = 14;

    /// <summary>What the estimate may be short of.</summary>
    private const double Margin = 1.02;

    /// <summary>Letters up to here are printed one by one, whatever stands beside them.</summary>
    private const char FirstJoined = '\u0250';

    /// <summary>Names come again and again; other text is short of this many words.</summary>
    private const int MaxWords = 20_000;

    private static readonly ConcurrentDictionary<string, double> Words = new(StringComparer.Ordinal);

    /// <summary>No font has a control character, and to find that out would open them all; one prints as a space.</summary>
    private static readonly Lazy<double[]> Letters = new(() => [.. Enumerable.Range(0, FirstJoined).Select(letter => Measure(char.IsControl((char)letter) ? " " : ((char)letter).ToString()))]);

    public static bool IsLatin(string text) => text.AsSpan().IndexOfAnyInRange(FirstJoined, '\uFFFF') < 0;

    public static double Of(string text)
    {
        if (!IsLatin(text)) return text.Split(' ').Sum(OfWord) + (text.Count(letter => letter == ' ') * Letters.Value[' ']);
        var (width, letters) = (0d, Letters.Value);
        foreach (var letter in text) width += letters[letter];
        return width;
    }

    private static double OfWord(string word)
    {
        if (Words.TryGetValue(word, out var known)) return known;
        if (Words.Count >= MaxWords) Words.Clear();
        return Words[word] = Measure(word);
    }

    private static double Measure(string text) => text.Length == 0 ? 0 : PrintedFonts.Installed is { } fonts ? fonts.WidthOf(text) * FontPx : text.EnumerateRunes().Sum(rune => Em(rune) * FontPx * Margin);

    /// <summary>The estimate of a character's advance as a fraction of the font size: Liberation Sans to two digits in ASCII, on the wide side elsewhere.</summary>
    private static double Em(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' or '\'' => 0.23,
        ' ' or '!' or ',' or '.' or '/' or ':' or ';' or 'I' or '[' or '\\' or ']' or 'f' or 't' or '|' => 0.28,
        '(' or ')' or '-' or '`' or 'r' or '{' or '}' or '"' => 0.36,
        'J' or 'c' or 'k' or 's' or 'v' or 'x' or 'y' or 'z' => 0.5,
        '&' or 'A' or 'B' or 'E' or 'K' or 'P' or 'S' or 'V' or 'X' or 'Y' => 0.67,
        'C' or 'D' or 'H' or 'N' or 'R' or 'U' or 'w' => 0.73,
        'G' or 'O' or 'Q' => 0.78,
        'M' or 'm' or '%' => 0.89,
        'W' or '@' => 1.02,
        '+' or '<' or '=' or '>' or '~' => 0.59,
        < 0x80 => 0.556,
        < 0x250 => 0.8,
        >= 0x2018 and <= 0x201F => 0.36,
        < 0x590 => 1.06,
        < 0x600 => 0.78,
        < 0x700 => Arabic(rune),
        >= 0x900 and < 0x980 => 1.1,
        >= 0x2E80 and < 0xA000 or >= 0xAC00 and < 0xD7B0 or >= 0xFF00 and < 0x10000 => 1.1,
        0x2E3B => 3.1,
        >= 0xFDFA and <= 0xFDFD => 7.4,
        >= 0x12000 and < 0x12550 => 5,
        // The widest letters of India and Burma.
        < 0x2000 or >= 0xFB00 and < 0xFF00 or >= 0x10000 and < 0x12000 => 2.8,
        _ => 2.2,
    };

    private static double Arabic(Rune rune) => rune.Value switch
    {
        < 0x606 => 2.2,
        0x622 or 0x623 or 0x625 or 0x627 or >= 0x64B and <= 0x65F or 0x670 => 0.36,
        >= 0x633 and <= 0x636 or >= 0x69A and <= 0x69E or 0x6FA or 0x6FB => 1.4,
        0x629 or >= 0x62C and <= 0x632 or 0x639 or 0x63A or 0x645 or 0x647 or 0x648 or >= 0x681 and <= 0x699 or >= 0x6C0 and <= 0x6CB => 0.75,
        _ => 1.15,
    };
}
