using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Anonymise;

/// <summary>Which rows of names become which codes: those of one client, or of everybody in a month.</summary>
/// <param name="Month">Null for one client.</param>
/// <param name="Alone">Rows of clients that no event needs outside of it: they are changed themselves. The events of others get new rows.</param>
/// <param name="AloneCards">The same of cards with a note.</param>
/// <param name="LastEvent">The newest event's key, when they were read.</param>
internal sealed record WhoseNames(AnonymousNames Names, UsageMonth? Month, IReadOnlySet<int> Alone, IReadOnlySet<int> AloneCards, long LastEvent)
{
    private List<int> ClientRows => [.. Names.Clients.Keys];

    private List<int> CardRows => [.. Names.Notes.Keys];

    public static Task<WhoseNames> ReadAsync(CreditUsageDb db, Anonymisation asked, CancellationToken cancellation) =>
        asked.Month is { } month ? OfMonthAsync(db, month, cancellation) : OfClientAsync(db, asked.ClientId!, asked.Code!, cancellation);

    /// <summary>The events whose rows show them.</summary>
    public IQueryable<UsageEvent> Events(IQueryable<UsageEvent> events)
    {
        var (clients, cards) = (ClientRows, CardRows);
        return events.Where(usage => (usage.ClientId != null && EF.Parameter(clients).Contains(usage.ClientId.Value)) || (usage.TopUpDeviceId != null && EF.Parameter(cards).Contains(usage.TopUpDeviceId.Value)));
    }

    /// <summary>Whether nothing has come in since that needs these rows otherwise. Call it under the write lock.</summary>
    public async Task<bool> HoldsAsync(CreditUsageDb db, string? clientId, CancellationToken cancellation)
    {
        if (Month is not null) return !await Events(db.UsageEvents).AnyAsync(usage => usage.Id > LastEvent, cancellation);
        var rows = await db.Clients.Where(client => client.ClientId == clientId).Select(client => client.Id).ToListAsync(cancellation);
        return Names.Clients.Keys.ToHashSet().SetEquals(rows);
    }

    private static async Task<WhoseNames> OfClientAsync(CreditUsageDb db, string clientId, string code, CancellationToken cancellation)
    {
        var rows = await db.Clients.AsNoTracking().Where(client => client.ClientId == clientId).OrderBy(client => client.Id).ToListAsync(cancellation);
        if (rows.Count == 0) throw new UserFacingException("There is no such client any more.");
        var clients = Coded(rows, _ => code);
        var ids = rows.ConvertAll(row => row.Id);
        var held = await db.UsageEvents.Where(usage => usage.ClientId != null && EF.Parameter(ids).Contains(usage.ClientId.Value) && usage.TopUpDeviceId != null).Select(usage => usage.TopUpDeviceId!.Value).Distinct().ToListAsync(cancellation);
        var shared = await db.UsageEvents.Where(usage => usage.TopUpDeviceId != null && EF.Parameter(held).Contains(usage.TopUpDeviceId.Value) && (usage.ClientId == null || !EF.Parameter(ids).Contains(usage.ClientId.Value)))
            .Select(usage => usage.TopUpDeviceId!.Value).Distinct().ToListAsync(cancellation);
        var (own, text, cards) = (held.Except(shared).ToHashSet(), new AnonymousNames(clients, new Dictionary<int, string>()).Text, await CardsAsync(db, cancellation));
        var notes = new Dictionary<int, string>();
        foreach (var card in cards.Where(card => own.Contains(card.Id))) notes[card.Id] = Numbered(ClientPseudonym.NameOf(code), cards.Count(other => other.DeviceId == card.DeviceId && notes.ContainsKey(other.Id)));
        foreach (var card in cards.Where(card => !own.Contains(card.Id) && text.IsIn(card.IdentityNote))) notes[card.Id] = text.Replace(card.IdentityNote);
        return new(new AnonymousNames(clients, notes), null, clients.Keys.ToHashSet(), notes.Keys.ToHashSet(), await LastEventAsync(db, cancellation));
    }

    private static async Task<WhoseNames> OfMonthAsync(CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        var last = await LastEventAsync(db, cancellation);
        var ids = await db.UsageEvents.Where(usage => usage.ReportMonth == month && usage.ClientId != null).Select(usage => usage.ClientId!.Value).Distinct().ToListAsync(cancellation);
        var everybody = await db.Clients.AsNoTracking().OrderBy(client => client.Id).ToListAsync(cancellation);
        var taken = everybody.Select(client => client.ClientId).ToHashSet(StringComparer.Ordinal);
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        var clients = Coded(everybody.FindAll(client => ids.Contains(client.Id) && !ClientPseudonym.IsOne(client.ClientId)), client => CodeOf(client.ClientId));
        var used = await db.UsageEvents.Where(usage => usage.ReportMonth == month && usage.TopUpDeviceId != null).Select(usage => usage.TopUpDeviceId!.Value).Distinct().ToListAsync(cancellation);
        var notes = (await CardsAsync(db, cancellation)).Where(card => used.Contains(card.Id)).ToDictionary(card => card.Id, _ => ClientPseudonym.NameOf(ClientPseudonym.Draw(taken)));
        var (clientRows, cardRows) = (clients.Keys.ToList(), notes.Keys.ToList());
        var elsewhere = await db.UsageEvents.Where(usage => usage.ReportMonth != month && usage.ClientId != null && EF.Parameter(clientRows).Contains(usage.ClientId.Value)).Select(usage => usage.ClientId!.Value).Distinct().ToListAsync(cancellation);
        var cardsElsewhere = await db.UsageEvents.Where(usage => usage.ReportMonth != month && usage.TopUpDeviceId != null && EF.Parameter(cardRows).Contains(usage.TopUpDeviceId.Value)).Select(usage => usage.TopUpDeviceId!.Value).Distinct().ToListAsync(cancellation);
        return new(new AnonymousNames(clients, notes), month, clientRows.Except(elsewhere).ToHashSet(), cardRows.Except(cardsElsewhere).ToHashSet(), last);

        string CodeOf(string id) => codes.TryGetValue(id, out var code) ? code : codes[id] = ClientPseudonym.Draw(taken);
    }

    /// <summary>With a note that is not a code already.</summary>
    private static async Task<List<TopUpDevice>> CardsAsync(CreditUsageDb db, CancellationToken cancellation) =>
        (await db.TopUpDevices.AsNoTracking().Where(card => card.IdentityNote != "").OrderBy(card => card.Id).ToListAsync(cancellation)).FindAll(card => !ClientPseudonym.IsOne(card.IdentityNote.Replace(' ', '-')));

    /// <summary>A client who was renamed has several rows, which stay apart.</summary>
    private static Dictionary<int, AnonymousClient> Coded(List<Client> rows, Func<Client, string> codeOf)
    {
        var coded = new Dictionary<int, AnonymousClient>();
        foreach (var row in rows)
        {
            var code = codeOf(row);
            coded[row.Id] = new(row.ClientId, row.Name, code, Numbered(ClientPseudonym.NameOf(code), coded.Values.Count(other => other.Id == code)));
        }
        return coded;
    }

    private static string Numbered(string name, int before) => before == 0 ? name : $"{name} ({before + 1})";

    private static async Task<long> LastEventAsync(CreditUsageDb db, CancellationToken cancellation) => await db.UsageEvents.MaxAsync(usage => (long?)usage.Id, cancellation) ?? 0;
}
