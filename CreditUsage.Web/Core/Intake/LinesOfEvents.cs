namespace CreditUsage.Core.Intake;

/// <summary>The line of each event of a file, in a few bytes each: ids are kept by a hash of 64 bits (FNV-1a), so that a million of them differ.</summary>
internal sealed class LinesOfEvents
{
    private const ulong Basis = 14695981039346656037, Prime = 1099511628211;

    private readonly Dictionary<ulong, int> _lines = [];

    public int? this[string eventId] => _lines.TryGetValue(KeyOf(eventId), out var line) ? line : null;

    public void Add(string eventId, int line) => _lines[KeyOf(eventId)] = line;

    private static ulong KeyOf(string eventId)
    {
        var hash = Basis;
        foreach (var character in eventId) hash = (hash ^ character) * Prime;
        return hash;
    }
}
