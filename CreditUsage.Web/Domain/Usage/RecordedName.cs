using System.Globalization;
using System.Text;

namespace CreditUsage.Domain.Usage;

/// <summary>Normalises a name, or says what to do about it (domain.md, Real input).</summary>
public static class RecordedName
{
    public const int MaxCharacters = 200;

    /// <summary>No characters: normalisation throws on the first, and XML and so Excel hold neither.</summary>
    private const string NoCharacters = "\uFFFE\uFFFF";

    /// <summary>NFC, every run of white space one space, trimmed.</summary>
    /// <param name="fault">What is wrong and what to do, as the end of a sentence; null when nothing is.</param>
    public static bool TryNormalise(string raw, out string name, out string? fault)
    {
        name = IsPlain(raw) ? raw : Collapse(raw);
        fault = IsPlain(raw) && raw.Length <= MaxCharacters ? null : FaultOf(name);
        return fault is null;
    }

    /// <summary>Whether every file can hold it: no half of a pair, no control character but white space, nothing that is no character.</summary>
    public static bool IsPrintable(string text) => IsPlain(text) || !(HasLoneSurrogate(text) || text.AsSpan().ContainsAny(NoCharacters) || text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)));

    /// <summary>Printable ASCII without doubled, leading or trailing spaces needs no work: nearly every name.</summary>
    private static bool IsPlain(string raw)
    {
        var previous = ' ';
        foreach (var c in raw)
        {
            if (c is < ' ' or > '~' || (c == ' ' && previous == ' ')) return false;
            previous = c;
        }
        return raw.Length == 0 || previous != ' ';
    }

    private static string Collapse(string raw)
    {
        var text = new StringBuilder(raw.Length);
        foreach (var c in raw)
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text.Length > 0 && text[^1] != ' ') text.Append(' ');
        }
        var collapsed = text.ToString().TrimEnd(' ');
        return HasLoneSurrogate(collapsed) || collapsed.AsSpan().ContainsAny(NoCharacters) ? collapsed : collapsed.Normalize(NormalizationForm.FormC);
    }

    private static string? FaultOf(string name)
    {
        if (HasLoneSurrogate(name) || name.Contains('\uFFFD')) return "is not valid UTF-8; save the file as UTF-8";
        if (name.AsSpan().IndexOfAny(NoCharacters) is var at and >= 0) return $"has U+{(int)name[at]:X4}, which is no character; remove it";
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control) return $"has the control character U+{rune.Value:X4}; remove it";
            if (IsBidiControl(rune.Value)) return $"has the text direction control U+{rune.Value:X4}; remove it";
        }
        if (name.Length > 0 && name.EnumerateRunes().All(IsInvisible)) return "has no character that can be seen; write the name";
        var characters = name.EnumerateRunes().Count();
        return characters > MaxCharacters ? $"has {characters} characters; shorten it to {MaxCharacters}" : null;
    }

    /// <summary>Unicode's Bidi_Control property.</summary>
    private static bool IsBidiControl(int value) => value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static bool IsInvisible(Rune rune) =>
        Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned || rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0;

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }
        return false;
    }
}
