using System.Diagnostics.CodeAnalysis;
using CreditUsage.Domain.Privacy;

namespace CreditUsage.Core.Report;

/// <summary>The codes that take the place of clients, by the rows of their names, of the notes of their cards, and of both in what people have written.</summary>
internal sealed class AnonymousNames(IReadOnlyDictionary<int, AnonymousClient> clients, IReadOnlyDictionary<int, string> notes)
{
    /// <summary>A shorter text is part of anybody's name.</summary>
    private const int LeastCharactersOfText = 3;

    public IReadOnlyDictionary<int, AnonymousClient> Clients => clients;

    /// <summary>By the row of the card.</summary>
    public IReadOnlyDictionary<int, string> Notes => notes;

    public NamesInText Text { get; } = new(clients.Values.Select(client => (client.FormerId, client.FormerName, ClientPseudonym.NameOf(client.Id))));

    public UsageName Of(NameKind kind, UsageName name) => kind switch
    {
        NameKind.Client when clients.TryGetValue(name.Id, out var client) => new(name.Id, client.Id, client.Name),
        NameKind.Device when notes.TryGetValue(name.Id, out var note) => name with { Name = note },
        _ => name,
    };

    /// <summary>The code of an id; the id itself of any other client.</summary>
    public string KeyOf(string clientId) => clients.Values.FirstOrDefault(client => client.FormerId == clientId)?.Id ?? clientId;

    /// <summary>What was searched for; the code where the client's name or id contains it.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Sought(string? text)
    {
        if (text is null) return null;
        var found = text.Length < LeastCharactersOfText ? null : clients.Values.FirstOrDefault(client => client.FormerId == text || NameSearch.Has(client.FormerName, text));
        return found is null ? Text.Replace(text) : ClientPseudonym.NameOf(found.Id);
    }

    /// <summary>A query string of the report with codes in its filters, and everything else as it was.</summary>
    public string InAddress(string query) => string.Join('&', query.Split('&').Select(part => part.TrimStart('?').Split('=') switch
    {
        ["client", var id] => Changed(part, Read(id), KeyOf),
        ["q", var text] => Changed(part, Read(text), sought => Sought(sought)),
        _ => part,
    }));

    private static string Read(string value) => Uri.UnescapeDataString(value.Replace('+', ' '));

    private static string Changed(string part, string value, Func<string, string> by) => by(value) is var now && now != value ? $"{part[..(part.IndexOf('=', StringComparison.Ordinal) + 1)]}{Uri.EscapeDataString(now)}" : part;
}

/// <param name="Id">The code.</param>
internal sealed record AnonymousClient(string FormerId, string FormerName, string Id, string Name);
