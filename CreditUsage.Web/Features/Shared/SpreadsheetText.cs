namespace CreditUsage.Features.Shared;

/// <summary>Text on its way into a file that a spreadsheet may open.</summary>
public static class SpreadsheetText
{
    /// <summary>A spreadsheet takes a text that begins so for a formula; an apostrophe before it makes it text again.</summary>
    public static string Defused(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && "=+-@＝＋－＠\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
    }
}
