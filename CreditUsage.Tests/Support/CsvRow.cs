using System.Globalization;

namespace CreditUsage.Tests.Support;

/// <summary>Lines of an import file, written by the tests.</summary>
public static class CsvRow
{
    public static string Session(
        string id, string at, int minutes = 25, string credits = "", string cost = "", string client = "Ann Client", string staff = "Sam Staff", string program = "Sleep") =>
        Line(id, "connected-session", at, "S1", staff, "C1", client, program, "", "", minutes.ToString(CultureInfo.InvariantCulture), credits, cost);

    /// <summary>Of a card that several share unless a client is named.</summary>
    public static string TopUp(string id, string day, string device = "1000000001", string client = "", string note = "Front desk", string credits = "", string cost = "") =>
        Line(id, "daily-top-up", day, "S1", "Sam Staff", client.Length > 0 ? "C1" : "", client, "Sleep", device, note, "", credits, cost);

    public static string Line(params string[] fields) => string.Join(',', fields.Select(Field));

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
