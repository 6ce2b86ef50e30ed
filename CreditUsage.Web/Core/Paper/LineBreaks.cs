using System.Buffers;
using System.Globalization;

namespace CreditUsage.Core.Paper;

/// <summary>Where a line may end: after a space or a hyphen and beside an ideograph; within a word, between two letters as its script has them.</summary>
internal static class LineBreaks
{
    private const string Hyphens = "-\u2010\u2013\u2014";

    /// <summary>They join the consonant after them into one form.</summary>
    private static readonly SearchValues<char> Viramas = SearchValues.Create("\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0C4D\u0CCD\u0D4D\u0DCA\u1039\u17D2\u1A60");

    /// <summary>Vowels of Thai and Lao that are written before their consonant.</summary>
    private static readonly SearchValues<char> VowelsBefore = SearchValues.Create("เแโใไເແໂໃໄ");

    /// <summary>Arabic letters that never join the next: a word is cut after one of them without changing how it looks.</summary>
    private static readonly SearchValues<char> EndsOfJoining = SearchValues.Create("ءآأؤإةادذرزوىٱڈڑژۀہ");

    /// <summary>Punctuation that never begins a line of ideographs.</summary>
    private static readonly SearchValues<char> NeverFirst = SearchValues.Create("、。，．：；！？）］｝」』】〉》〕ーゝゞ々");

    private static readonly SearchValues<char> NeverLast = SearchValues.Create("（［｛「『【〈《〔");

    /// <summary>Pieces of the text that a line may end after, and whether a space goes before each.</summary>
    public static IEnumerable<(string Piece, bool AfterSpace)> Pieces(string text)
    {
        foreach (var (number, word) in text.Split(' ').Index())
        {
            var begin = 0;
            for (var at = 1; at < word.Length; at++)
            {
                if (!MayBreak(word, at)) continue;
                yield return (word[begin..at], number > 0 && begin == 0);
                begin = at;
            }
            yield return (word[begin..], number > 0 && begin == 0);
        }
    }

    /// <summary>The places in a word where it may be cut, the last of them its end.</summary>
    public static IReadOnlyList<int> WithinWord(string word)
    {
        var elements = StringInfo.ParseCombiningCharacters(word).Skip(1).Append(word.Length).ToList();
        var places = elements.Where(at => at == word.Length || !(Viramas.Contains(LastLetter(word, at)) || VowelsBefore.Contains(word[at - 1]))).ToList();
        // A word of nothing but joined consonants is still cut between its signs.
        return places.Count > 1 ? places : elements;
    }

    public static bool JoinsNext(string word, int at) => word[at - 1] is >= '\u0600' and <= '\u08FF' && !EndsOfJoining.Contains(word[at - 1]);

    private static bool MayBreak(string word, int at)
    {
        var (before, after) = (word[at - 1], word[at]);
        if (Hyphens.Contains(before, StringComparison.Ordinal)) return at > 1 && char.IsLetterOrDigit(word[at - 2]) && char.IsLetterOrDigit(after);
        return (IsIdeograph(before) || IsIdeograph(after)) && !NeverFirst.Contains(after) && !NeverLast.Contains(before) && !char.IsLowSurrogate(after) && !IsMark(after);
    }

    /// <summary>Han, Hiragana, Katakana and their punctuation, not the joined words of Korean.</summary>
    private static bool IsIdeograph(char letter) => letter is >= '\u2E80' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF';

    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    /// <summary>Not a joiner, which may follow a virama.</summary>
    private static char LastLetter(string word, int at) => at > 1 && word[at - 1] is '\u200C' or '\u200D' ? word[at - 2] : word[at - 1];
}
