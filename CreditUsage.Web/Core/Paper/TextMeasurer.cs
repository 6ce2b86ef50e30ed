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
    private const double FontPx = 14;

    /// <summary>What rounding each advance to whole pixels may add.</summary>
    private const double Margin = 1.02;

    /// <summary>Less than a page has.</summary>
    public const int MaxLines = 70;

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
        return Math.Min(MaxLines, lines);
    }

    /// <summary>Whether the engine can be left to end the lines. A row with any other name is laid out here (<see cref="Laid"/>), all of its cells, and clipped to its columns.</summary>
    public static bool IsMeasured(string text) => text.AsSpan().IndexOfAnyInRange('\u0250', '\uFFFF') < 0;

    /// <summary>The class of a row on paper, which _PaperLines has the style of; null for a plain one.</summary>
    /// <param name="laid">Whether its cells were laid out here.</param>
    public static string? Class(int lines, bool laid) => laid ? $"lines-{lines} laid" : lines > 1 ? $"lines-{lines}" : null;

    /// <summary>How many lines <see cref="Laid"/> makes of it.</summary>
    public static int LaidLines(string text, int widthPx) => Broken(text, widthPx).Count;

    /// <summary>The text with its lines ended where the next word, or of a longer word the next character, might not fit, and with what keeps scripts of two directions apart.</summary>
    public static string Laid(string text, int widthPx) => string.Join('\n', Broken(text, widthPx).Select(line => NeedsMarks(line) ? Marked(line) : line));

    private static List<string> Broken(string text, int widthPx)
    {
        var (lines, line, used) = (new List<string>(), new StringBuilder(), 0d);
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && used + Width(" ") + Width(word) > widthPx) EndLine();
            if (line.Length > 0) Put(" ");
            foreach (var character in Characters(word))
            {
                if (line.Length > 0 && used + Width(character) > widthPx) EndLine();
                Put(character);
            }
        }
        EndLine();
        // What does not fit even so is seen to be missing.
        return lines.Count <= MaxLines ? lines : [.. lines.Take(MaxLines - 1), "…"];

        void Put(string more)
        {
            line.Append(more);
            used += Width(more);
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

    /// <summary>The widest of a letter's forms, in any of the usual fonts.</summary>
    private static double Arabic(Rune rune) => rune.Value switch
    {
        < 0x606 => 2.2,
        0x622 or 0x623 or 0x625 or 0x627 or >= 0x64B and <= 0x65F or 0x670 => 0.36,
        >= 0x633 and <= 0x636 or >= 0x69A and <= 0x69E or 0x6FA or 0x6FB => 1.4,
        0x629 or >= 0x62C and <= 0x632 or 0x639 or 0x63A or 0x645 or 0x647 or 0x648 or >= 0x681 and <= 0x699 or >= 0x6C0 and <= 0x6CB => 0.75,
        _ => 1.15,
    };
}
