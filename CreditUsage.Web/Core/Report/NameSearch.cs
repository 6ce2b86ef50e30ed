using System.Buffers;
using System.Globalization;
using System.Text;

namespace CreditUsage.Core.Report;

/// <summary>
/// Whether a name contains what somebody typed. Case does not matter, and every apostrophe is the same. A plain letter finds all of its
/// kind; one with an accent or a stroke finds itself and the plain one, but no other: "ł" finds "ł" and "l", not "ľ".
/// </summary>
internal static class NameSearch
{
    private const CompareOptions Broadly = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace;

    /// <summary>Quotation marks, accents and letters that people, keyboards and word processors put for an apostrophe.</summary>
    private static readonly SearchValues<char> Apostrophes = SearchValues.Create("\u2018\u2019\u201B\u2032\u02B9\u02BB\u02BC\u02BD\u02BE\u02BF\u02C8\u0060\u00B4\uFF07\uA78C\u055A\u05F3");

    private static readonly CompareInfo Letters = CultureInfo.InvariantCulture.CompareInfo;

    public static bool Has(string name, string typed)
    {
        var (within, sought) = (WithOneApostrophe(name), WithOneApostrophe(typed));
        for (var at = 0; at <= within.Length; at++)
        {
            var found = Letters.IndexOf(within.AsSpan(at), sought, Broadly, out var length);
            if (found < 0) return false;
            at += found;
            if (Fits(within.Substring(at, length), sought)) return true;
        }
        return false;
    }

    /// <summary>Whether each accent that was typed is there or left out. Where letters do not pair off, as in "ß" and "ss", any will do.</summary>
    private static bool Fits(string found, string typed)
    {
        var (there, sought) = (LettersOf(found), LettersOf(typed));
        return there.Count != sought.Count || there.Zip(sought).All(pair => IsPlain(pair.Second) || IsPlain(pair.First) || Letters.Compare(pair.First, pair.Second, CompareOptions.IgnoreCase) == 0);
    }

    private static List<string> LettersOf(string text)
    {
        var (letters, all) = (new List<string>(), StringInfo.GetTextElementEnumerator(text));
        while (all.MoveNext()) letters.Add(all.GetTextElement());
        return letters;
    }

    /// <summary>Latin letters with a stroke are no composition of the plain letter and a mark.</summary>
    private static bool IsPlain(string letter) => letter.Normalize(NormalizationForm.FormD) is [var only] && only is not ((>= '\u00C0' and <= '\u024F') or (>= '\u1E00' and <= '\u1EFF'));

    private static string WithOneApostrophe(string text) =>
        text.AsSpan().IndexOfAny(Apostrophes) < 0 ? text : string.Concat(text.Select(letter => Apostrophes.Contains(letter) ? '\'' : letter));
}
