using CreditUsage.Domain.Usage;

namespace CreditUsage.Features.Imports;

/// <summary>A file's name as the sender's computer calls it: only ever shown, never a path.</summary>
public static class ShownName
{
    private const string Unnamed = "unnamed";

    /// <summary>The last part of a path, normalised and cut as a name is; "unnamed" for what cannot be shown.</summary>
    public static string Of(string? sent)
    {
        var last = (sent ?? "").Split('/', '\\')[^1];
        var start = string.Concat(last.EnumerateRunes().Take(RecordedName.MaxCharacters).Select(rune => rune.ToString()));
        return RecordedName.TryNormalise(start, out var name, out _) && name.Length > 0 ? name : Unnamed;
    }
}
