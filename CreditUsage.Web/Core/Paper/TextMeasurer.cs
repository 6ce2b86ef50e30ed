using System.Buffers;
using System.Globalization;
using System.Text;

namespace CreditUsage.Core.Paper;

/// <summary>
/// How names behave on paper: how many lines one needs in a column, and where they end. The engine finds the ends of Latin lines itself; of other scripts it
/// measures the letters wrongly before it joins them, and lets half a name run out of its column.
/// </summary>
internal static class TextMeasurer
{
    /// <summary>Less than a page has.</summary>
    public const int MaxLines = 70;

    /// <summary>Before or after one of these the engine may break a word, though there is room for more of it.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>How many lines the engine makes of a text, at least one. Estimated on the wide side: a line too many is white, a line too few would be lost.</summary>
    public static int CountLines(string text, int widthPx)
    {
        if (text.Length * LetterWidth.FontPx < widthPx && EngineWraps(text)) return 1;
        var (lines, used) = (1, 0d);
        foreach (var word in text.Split(' '))
        {
            var space = used == 0 ? 0 : LetterWidth.Of(" ");
            if (used > 0 && used + space + LetterWidth.Of(word) > widthPx) (lines, used, space) = (lines + 1, 0, 0);
            used += space;
            // A word longer than a line is broken before the character that does not fit, or earlier where the engine likes a sign better: at worst at half the line.
            var waste = LetterWidth.Of(word) > widthPx && word.AsSpan().ContainsAny(Signs) ? 2 : 1;
            foreach (var rune in word.EnumerateRunes())
            {
                if (used + (waste * LetterWidth.Of(rune)) > widthPx) (lines, used) = (lines + 1, 0);
                used += waste * LetterWidth.Of(rune);
            }
        }
        return Math.Min(MaxLines, lines);
    }

    /// <summary>Whether the engine can be left to end the lines. A row with any other name is wrapped here (<see cref="Wrap"/>), all of its cells, and clipped to its columns.</summary>
    public static bool EngineWraps(string text) => text.AsSpan().IndexOfAnyInRange('\u0250', '\uFFFF') < 0;

    /// <summary>The class of a row on paper, which _PaperLines has the style of; null for a plain one.</summary>
    /// <param name="wrapped">Whether its cells were wrapped here.</param>
    public static string? RowClass(int lines, bool wrapped) => wrapped ? $"lines-{lines} laid" : lines > 1 ? $"lines-{lines}" : null;

    /// <summary>How many lines <see cref="Wrap"/> makes of it.</summary>
    public static int CountWrappedLines(string text, int widthPx) => LinesOf(text, widthPx).Count;

    /// <summary>The text with its lines ended where the next word, or of a longer word the next character, might not fit, and with what keeps scripts of two directions apart.</summary>
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
        // What does not fit even so is seen to be missing.
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

    /// <summary>As a reader counts them: no mark is parted from its letter.</summary>
    private static IEnumerable<string> Characters(string word)
    {
        for (var characters = StringInfo.GetTextElementEnumerator(word); characters.MoveNext();) yield return characters.GetTextElement();
    }

    /// <summary>As much of the text as fits on one line, with an ellipsis where something is left out.</summary>
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

    /// <summary>The text with a left-to-right mark around each run of right-to-left letters: digits after them would be printed over them.</summary>
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
