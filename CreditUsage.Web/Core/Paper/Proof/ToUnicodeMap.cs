using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CreditUsage.Core.Paper.Proof;

/// <summary>The text of each glyph of a font, as the engine writes it (ISO 32000-1, 9.10.3).</summary>
internal sealed partial class ToUnicodeMap
{
    private const int TimeoutMilliseconds = 1000;
    private readonly Dictionary<int, string> _texts = [];

    public ToUnicodeMap(string table)
    {
        foreach (Match list in Lists().Matches(table)) AddList(Number(list.Groups[1].Value), Codes().Matches(list.Groups[2].Value));
        foreach (Match range in Ranges().Matches(Lists().Replace(table, ""))) AddRange(Number(range.Groups[1].Value), Number(range.Groups[2].Value), Number(range.Groups[3].Value));
    }

    public string Of(int glyph) => _texts.GetValueOrDefault(glyph, "");

    private void AddList(int first, MatchCollection codes)
    {
        foreach (Match code in codes) _texts[first++] = Text(code.Groups[1].Value);
    }

    private void AddRange(int first, int last, int code)
    {
        for (var glyph = first; glyph <= last && last <= char.MaxValue; glyph++) _texts[glyph] = ((char)(code + glyph - first)).ToString();
    }

    private static string Text(string hexadecimal) => hexadecimal.Length % 4 == 0 ? Encoding.BigEndianUnicode.GetString(Convert.FromHexString(hexadecimal)) : "";

    private static int Number(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<([0-9A-Fa-f]{4})>\s*<[0-9A-Fa-f]{4}>\s*\[([^]]*)\]", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Lists();

    [GeneratedRegex(@"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Ranges();

    [GeneratedRegex("<([0-9A-Fa-f]+)>", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex Codes();
}
