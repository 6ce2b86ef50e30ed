using System.Text;

namespace CreditUsage.Features.UsageReport;

/// <summary>How names behave on paper: how many lines one needs in a column, and what keeps scripts of two directions apart.</summary>
internal static class PaperText
{
    private const double FontPx = 14;

    /// <summary>Widths are of Liberation Sans; a fallback font may be this much wider.</summary>
    private const double Margin = 1.08;

    public const int MostLines = 40;

    /// <summary>At least one. Estimated on the wide side: a line too many is white, a line too few would be lost.</summary>
    public static int Lines(string text, int widthPx)
    {
        if (text.Length * FontPx < widthPx) return 1;
        var width = 0d;
        foreach (var rune in text.EnumerateRunes()) width += Em(rune) * FontPx;
        width *= Margin;
        // A line breaks before the character that does not fit, so each may end one wide character short.
        return width <= widthPx ? 1 : Math.Min(MostLines, (int)Math.Ceiling(width / (widthPx - (1.5 * FontPx))));
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

    /// <summary>A character's advance as a part of the font size, by class.</summary>
    private static double Em(Rune rune) => rune.Value switch
    {
        ' ' or 'i' or 'j' or 'l' or 'f' or 't' or 'r' or 'I' or '.' or ',' or ':' or ';' or '\'' or '!' or '|' or '(' or ')' or '-' or '/' => 0.34,
        'm' or 'M' or 'w' or 'W' or '@' or '%' or '—' => 1.02,
        >= 'A' and <= 'Z' or '&' => 0.78,
        < 0x80 => 0.6,
        < 0x600 => 0.85,
        _ => 1.4,
    };
}
