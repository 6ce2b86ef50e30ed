using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace CreditUsage.Core.Files.Xlsx;

/// <summary>Text on its way into a cell.</summary>
internal static partial class XlsxText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Marks, letters and other signs that stand in XML as they are, up to the first that might not.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^`abcdefghijklmnopqrstuvwxyz{|}~");

    public static void Append(StringBuilder xml, string text)
    {
        if (text.AsSpan().IndexOfAnyExcept(Plain) < 0)
        {
            xml.Append(text);
            return;
        }
        var whole = Escape().Replace(text, "_x005F_");
        for (var place = 0; place < whole.Length; place++) place += AppendCharacter(xml, whole, place);
    }

    /// <returns>How many units more than one the character took.</returns>
    private static int AppendCharacter(StringBuilder xml, string text, int place)
    {
        if (place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]))
        {
            xml.Append(text, place, 2);
            return 1;
        }
        _ = text[place] switch
        {
            '&' => xml.Append("&amp;"),
            '<' => xml.Append("&lt;"),
            '>' => xml.Append("&gt;"),
            var other => xml.Append(XmlConvert.IsXmlChar(other) ? other : Replacement),
        };
        return 0;
    }

    /// <summary>Spreadsheets read _x0041_ as the letter A; the underline that begins such a group is written as one itself.</summary>
    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)", RegexOptions.None, 1000)]
    private static partial Regex Escape();
}
