namespace CreditUsage.Core.Files;

/// <summary>Text on its way into a file that a spreadsheet may open.</summary>
public static class SpreadsheetText
{
    /// <summary>A spreadsheet takes a text that begins so for a formula; an apostrophe before it makes it text again.</summary>
    public static string Defused(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // What is not to be seen before it changes nothing for a spreadsheet that leaves it out.
        var seen = text.AsSpan().TrimStart(" \u00A0\u200B\uFEFF");
        return seen.Length > 0 && "=+-@＝＋－＠\t\r".Contains(seen[0], StringComparison.Ordinal) ? "'" + text : text;
    }
}
