using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Tables;

/// <summary>A file's name on the sender's computer: only shown, never used as a path.</summary>
public static class DisplayName
{
    private const string Unnamed = "unnamed";

    /// <summary>The last part of a path, normalised and shortened; "unnamed" for what cannot be shown.</summary>
    public static string Of(string? sent)
    {
        var last = (sent ?? "").Split('/', '\\')[^1];
        var start = string.Concat(last.EnumerateRunes().Take(RecordedName.MaxCharacters).Select(rune => rune.ToString()));
        return RecordedName.TryNormalise(start, out var name, out _) && name.Length > 0 ? name : Unnamed;
    }
}
