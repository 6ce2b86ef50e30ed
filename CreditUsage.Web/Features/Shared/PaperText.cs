using System.Buffers;
using System.Text;

namespace CreditUsage.Features.Shared;

/// <summary>How names behave on paper: how many lines one needs in a column, and what keeps scripts of two directions apart.</summary>
internal static class PaperText
{
    private const double FontPx = 14;

    /// <summary>What rounding each advance to whole pixels may add.</summary>
    private const double Margin = 1.02;

    public const int MostLines = 40;

    /// <summary>Before or after one of these the engine may break a word, though there is room for more of it.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>At least one. Estimated on the wide side: a line too many is white, a line too few would be lost.</summary>
    public static int Lines(string text, int widthPx)
    {
        if (text.Length * FontPx < widthPx && IsMeasured(text)) return 1;
        var (lines, used) = (1, 0d);
        foreach (var word in text.Split(' '))
        {
            var space = used == 0 ? 0 : Width(" ");
            if (used > 0 && used + space + Width(word) > widthPx) (lines, used, space) = (lines + 1, 0, 0);
            used += space;
            // A word longer than a line is broken before the character that does not fit, or earlier where the engine likes a sign better: at worst at half the line.
            var waste = Width(word) > widthPx && word.AsSpan().ContainsAny(Signs) ? 2 : 1;
            foreach (var rune in word.EnumerateRunes())
            {
                if (used + (waste * Width(rune)) > widthPx) (lines, used) = (lines + 1, 0);
                used += waste * Width(rune);
            }
        }
        return Math.Min(MostLines, lines);
    }

    /// <summary>Whether every character's width is known. Others may be far wider than is estimated, and must be clipped to their column.</summary>
    public static bool IsMeasured(string text) => text.AsSpan().IndexOfAnyInRange('\u0250', '\uFFFF') < 0;

    /// <summary>As much of the text as fits on one line, with an ellipsis where something is left out.</summary>
    public static string Cut(string text, int widthPx)
    {
        if (Width(text) <= widthPx) return text;
        var cut = new StringBuilder();
        var used = Width("M");
        foreach (var rune in text.EnumerateRunes())
        {
            used += Width(rune);
            if (used > widthPx) break;
            cut.Append(rune);
        }
        return cut.Append('…').ToString();
    }

    /// <summary>Whether digits after right-to-left letters would be printed over them.</summary>
    public static bool NeedsMarks(string text) => text.AsSpan().IndexOfAnyInRange('\u0590', '\u08FF') >= 0;

    /// <summary>The text with a left-to-right mark around each run of right-to-left letters.</summary>
    public static string Marked(string text)
    {
        var marked = new StringBuilder(text.Length + 4);
        var inside = false;
        foreach (var c in text)
        {
            var rightToLeft = c is >= '\u0590' and <= '\u08FF';
            if (rightToLeft != inside && c != ' ')
            {
                marked.Append('\u200E');
                inside = rightToLeft;
            }
            marked.Append(c);
        }
        return inside ? marked.Append('\u200E').ToString() : marked.ToString();
    }

    private static double Width(string text)
    {
        var width = 0d;
        foreach (var rune in text.EnumerateRunes()) width += Width(rune);
        return width;
    }

    private static double Width(Rune rune) => Em(rune) * FontPx * Margin;

    /// <summary>A character's advance as a part of the font size: Liberation Sans to two digits in ASCII, on the wide side elsewhere.</summary>
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
        < 0x600 => 1.06,
        _ => 1.4,
    };
}
