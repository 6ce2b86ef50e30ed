using System.Buffers;
using System.Globalization;
using System.Text;

namespace CreditUsage.Core.Paper;

/// <summary>Measures and wraps names on paper: other scripts than Latin the engine measures before joining letters, and lets names run out of their column.</summary>
internal static class TextMeasurer
{
    /// <summary>Less than a page has.</summary>
    public const int MaxLines = 70;

    /// <summary>The engine may break a word before or after one of these, even where more of it would fit.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>Lines that the engine makes of a text, at least one. Estimated on the wide side: a line too many is white, a line too few would be lost.</summary>
    public static int CountLines(string text, int widthPx)
    {
        if (text.Length * LetterWidth.FontPx < widthPx && EngineWraps(text)) return 1;
        var (lines, used) = (1, 0d);
        foreach (var word in text.Split(' '))
        {
            var space = used == 0 ? 0 : LetterWidth.Of(" ");
            if (used > 0 && used + space + LetterWidth.Of(word) > widthPx) (lines, used, space) = (lines + 1, 0, 0);
            used += space;
            // A word longer than a line is broken where it no longer fits, or earlier at a sign: at worst at half the line.
            var waste = LetterWidth.Of(word) > widthPx && word.AsSpan().ContainsAny(Signs) ? 2 : 1;
            foreach (var rune in word.EnumerateRunes())
            {
                if (used + (waste * LetterWidth.Of(rune)) > widthPx) (lines, used) = (lines + 1, 0);
                used += waste * LetterWidth.Of(rune);
            }
        }
        return Math.Min(MaxLines, lines);
    }

    /// <summary>Whether the engine can wrap the text. In a row with any other name every cell is wrapped by <see cref="Wrap"/> and clipped to its column.</summary>
    public static bool EngineWraps(string text) => text.AsSpan().IndexOfAnyInRange('\u0250', '\uFFFF') < 0;

    public static string? RowClass(int lines, bool wrapped) => wrapped ? $"lines-{lines} laid" : lines > 1 ? $"lines-{lines}" : null;

    public static int CountWrappedLines(string text, int widthPx) => LinesOf(text, widthPx).Count;

    /// <summary>Ends each line before the next word, or the next character of a longer word, might not fit, and adds direction marks.</summary>
    public static string Wrap(string text, int widthPx) => string.Join('\n', LinesOf(text, widthPx).Select(AddDirectionMarks));

    private static List<string> LinesOf(string text, int widthPx)
    {
        var (lines, line, used) = (new List<string>(), new StringBuilder(), 0d);
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && used + LetterWidth.Of(" ") + LetterWidth.Of(word) > widthPx) EndLine();
            if (line.Length > 0) Put(" ");
            foreach (var character in Characters(word))
            {
                if (line.Length > 0 && used + LetterWidth.Of(character) > widthPx) EndLine();
                Put(character);
            }
        }
        EndLine();
        return lines.Count <= MaxLines ? lines : [.. lines.Take(MaxLines - 1), "…"];

        void Put(string more)
        {
            line.Append(more);
            used += LetterWidth.Of(more);
        }

        void EndLine()
        {
            lines.Add(line.ToString());
            line.Clear();
            used = 0;
        }
    }

    /// <summary>Grapheme clusters: no mark is separated from its letter.</summary>
    private static IEnumerable<string> Characters(string word)
    {
        for (var characters = StringInfo.GetTextElementEnumerator(word); characters.MoveNext();) yield return characters.GetTextElement();
    }

    public static string Truncate(string text, int widthPx)
    {
        if (LetterWidth.Of(text) <= widthPx) return text;
        var cut = new StringBuilder();
        var used = LetterWidth.Of("M");
        foreach (var rune in text.EnumerateRunes())
        {
            used += LetterWidth.Of(rune);
            if (used > widthPx) break;
            cut.Append(rune);
        }
        return cut.Append('…').ToString();
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
}
