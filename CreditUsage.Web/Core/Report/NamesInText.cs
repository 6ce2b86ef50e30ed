using System.Text.Json;
using System.Text.RegularExpressions;

namespace CreditUsage.Core.Report;

/// <summary>Finds names and ids that stand as whole words in what people have written, whatever their case, and puts codes for them.</summary>
internal sealed class NamesInText
{
    /// <summary>A shorter id is a number or a word as often as not.</summary>
    private const int LeastCharactersOfId = 4;

    private readonly Dictionary<string, string> _codes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Regex? _sought;

    /// <param name="clients">Id, name and the code's name of each.</param>
    public NamesInText(IEnumerable<(string Id, string Name, string Code)> clients)
    {
        foreach (var (id, name, code) in clients)
        {
            Add(name, code);
            if (id.Length >= LeastCharactersOfId) Add(id, code);
        }
        var longestFirst = _codes.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape);
        if (_codes.Count > 0)
            _sought = new Regex($@"(?<![\p{{L}}\p{{N}}])(?:{string.Join('|', longestFirst)})(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }

    public bool IsIn(string text) => _sought?.IsMatch(text) == true;

    public string Replace(string text) => _sought?.Replace(text, found => _codes.GetValueOrDefault(found.Value, found.Value)) ?? text;

    /// <summary>As it is and as it stands in JSON.</summary>
    private void Add(string name, string code)
    {
        _codes.TryAdd(name, code);
        _codes.TryAdd(JsonEncodedText.Encode(name).Value, code);
    }
}
