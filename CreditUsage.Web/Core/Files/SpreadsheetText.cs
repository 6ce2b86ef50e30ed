namespace CreditUsage.Core.Files;

public static class SpreadsheetText
{
    /// <summary>Prefixes an apostrophe where a spreadsheet would read the text as a formula.</summary>
    public static string Defused(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Spreadsheets ignore these invisible characters before a formula.
        var seen = text.AsSpan().TrimStart(" \u00A0\u200B\uFEFF");
        return seen.Length > 0 && "=+-@＝＋－＠\t\r".Contains(seen[0], StringComparison.Ordinal) ? "'" + text : text;
    }
}
