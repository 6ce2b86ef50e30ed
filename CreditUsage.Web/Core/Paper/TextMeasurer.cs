using System.Text;

namespace CreditUsage.Core.Paper;

/// <summary>Wraps names on paper, by their widths in the fonts that print: the engine measures most scripts before joining their letters, and lets them run out of their column.</summary>
public static class TextMeasurer
{
    /// <summary>Less than a page has.</summary>
    public const int MaxLines = 70;

    /// <summary>Lines that <see cref="Wrap"/> makes of a text, at least one.</summary>
    public static int CountLines(string text, int widthPx)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LetterWidth.Of(text) <= widthPx ? 1 : LinesOf(text, widthPx).Count;
    }

    /// <summary>Ends a line only where the next word does not fit, or, in a word that is wider than a line, where the next letter does not; adds direction marks.</summary>
    public static string Wrap(string text, int widthPx)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LetterWidth.Of(text) <= widthPx ? AddDirectionMarks(text) : string.Join('\n', LinesOf(text, widthPx).Select(AddDirectionMarks));
    }

    /// <summary>Whether a text needs nothing of <see cref="Wrap"/>. In a row with any other every cell is wrapped by it and clipped to its column.</summary>
    public static bool IsPlain(string text, int widthPx) => LetterWidth.IsLatin(text) && CountLines(text, widthPx) == 1;

    public static string? RowClass(int lines, bool wrapped) => wrapped ? $"lines-{lines}" : null;

    /// <summary>Cut between letters, with an ellipsis, to fit one line.</summary>
    public static string Truncate(string text, int widthPx)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LetterWidth.Of(text) <= widthPx ? text : text[..LongestFitting(text, widthPx - LetterWidth.Of("…"))].TrimEnd() + '…';
    }

    /// <summary>Puts a left-to-right mark around each run of right-to-left letters: digits after them would be printed over them.</summary>
    public static string AddDirectionMarks(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\u0590', '\u08FF') < 0) return text;
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

    private static List<string> LinesOf(string text, int widthPx)
    {
        var (lines, line) = (new List<string>(), "");
        foreach (var (piece, afterSpace) in LineBreaks.Pieces(text))
        {
            var longer = line.Length == 0 ? piece : $"{line}{(afterSpace ? " " : "")}{piece}";
            if (LetterWidth.Of(longer) <= widthPx)
            {
                line = longer;
                continue;
            }
            if (line.Length > 0) lines.Add(line);
            for (line = piece; LetterWidth.Of(line) > widthPx && LongestFitting(line, widthPx) is var cut && cut < line.Length; line = line[cut..]) lines.Add(line[..cut]);
        }
        lines.Add(line);
        return lines.Count <= MaxLines ? lines : [.. lines.Take(MaxLines - 1), "…"];
    }

    /// <summary>How much of a text fits, at least one letter: to where Arabic letters do not join, if that is in the second half of the line.</summary>
    private static int LongestFitting(string text, double widthPx)
    {
        var places = LineBreaks.WithinWord(text);
        var (fits, tooMany) = (0, places.Count);
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            if (LetterWidth.Of(text[..places[middle]]) <= widthPx) fits = middle;
            else tooMany = middle;
        }
        var unjoined = fits;
        while (unjoined > fits / 2 && LineBreaks.JoinsNext(text, places[unjoined])) unjoined--;
        return places[LineBreaks.JoinsNext(text, places[unjoined]) ? fits : unjoined];
    }
}
