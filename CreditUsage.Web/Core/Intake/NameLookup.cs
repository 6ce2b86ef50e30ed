using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <param name="allKnown">Whether <paramref name="known"/> is complete, so that the database need not be queried.</param>
/// <param name="save">Whether new names are written; otherwise each gets a negative id of its own.</param>
internal sealed class NameLookup(CreditUsageDb db, KnownNames known, bool allKnown, bool save)
{
    private readonly int _subscriptionId = db.RequireSubscriptionId();

    // Added in this transaction, which may be rolled back.
    private readonly Dictionary<(string Id, string Name), int> _staff = [];
    private readonly Dictionary<(string Id, string Name), int> _clients = [];
    private readonly Dictionary<(string Id, string Note), int> _devices = [];
    private readonly Dictionary<string, int> _programs = [];
    private readonly Dictionary<(string Kind, int Id), string?> _texts = [];
    private int _unsaved;

    public async ValueTask<UsageEvent> RowAsync(UsageRecord record, CreditPrice? price, UsagePosting posting, CancellationToken cancellation) => new()
    {
        SubscriptionId = _subscriptionId,
        EventId = record.EventId,
        Kind = record.Kind,
        ServiceDate = record.ServiceDate,
        OccurredAt = record.OccurredAt,
        ReportMonth = posting.Month,
        PostedAt = posting.At,
        IntakeId = posting.IntakeId,
        StaffMemberId = await StaffAsync((record.StaffId, record.StaffName), cancellation),
        ClientId = record.ClientId is null ? null : await ClientAsync((record.ClientId, record.ClientName!), cancellation),
        ProgramId = await ProgramAsync(record.Program, cancellation),
        TopUpDeviceId = record.DeviceId is null ? null : await DeviceAsync((record.DeviceId, record.IdentityNote!), cancellation),
        DeviceNumber = record.DeviceId is null ? null : long.Parse(record.DeviceId, System.Globalization.CultureInfo.InvariantCulture),
        DurationMinutes = record.DurationMinutes,
        Credits = record.CreditsDue,
        UnitPriceMicros = record.CostPence is null ? price?.PriceMicros : null,
        CostPence = record.CostPence ?? price?.CostPence(record.CreditsDue),
    };

    /// <summary>The staff member's id and name; null for one that is not known here.</summary>
    public string? StaffOf(int id) => TextOf(known.Staff, _staff, id, key => $"{key.Id} {key.Name}");

    public string? ClientOf(int id) => TextOf(known.Clients, _clients, id, key => $"{key.Id} {key.Name}");

    public string? NoteOf(int device) => TextOf(known.Devices, _devices, device, key => key.Note);

    public string? ProgramOf(int id) => TextOf(known.Programs, _programs, id, name => name);

    private string? TextOf<TKey>(IEnumerable<KeyValuePair<TKey, int>> committed, IEnumerable<KeyValuePair<TKey, int>> added, int id, Func<TKey, string> text, [CallerMemberName] string kind = "")
    {
        if (!_texts.TryGetValue((kind, id), out var found)) _texts[(kind, id)] = found = committed.Concat(added).Where(pair => pair.Value == id).Select(pair => text(pair.Key)).FirstOrDefault();
        return found;
    }

    private ValueTask<int> StaffAsync((string Id, string Name) key, CancellationToken cancellation) =>
        known.Staff.TryGetValue(key, out var id) || _staff.TryGetValue(key, out id) ? new(id) : FindOrAddAsync(
            known.Staff, _staff, key, staff => staff.StaffId == key.Id && staff.Name == key.Name,
            () => new StaffMember { SubscriptionId = _subscriptionId, StaffId = key.Id, Name = key.Name }, cancellation);

    private ValueTask<int> ClientAsync((string Id, string Name) key, CancellationToken cancellation) =>
        known.Clients.TryGetValue(key, out var id) || _clients.TryGetValue(key, out id) ? new(id) : FindOrAddAsync(
            known.Clients, _clients, key, client => client.ClientId == key.Id && client.Name == key.Name,
            () => new Client { SubscriptionId = _subscriptionId, ClientId = key.Id, Name = key.Name }, cancellation);

    private ValueTask<int> ProgramAsync(string key, CancellationToken cancellation) =>
        known.Programs.TryGetValue(key, out var id) || _programs.TryGetValue(key, out id) ? new(id) : FindOrAddAsync(
            known.Programs, _programs, key, program => program.Name == key,
            () => new TreatmentProgram { SubscriptionId = _subscriptionId, Name = key }, cancellation);

    private ValueTask<int> DeviceAsync((string Id, string Note) key, CancellationToken cancellation) =>
        known.Devices.TryGetValue(key, out var id) || _devices.TryGetValue(key, out id) ? new(id) : FindOrAddAsync(
            known.Devices, _devices, key, device => device.DeviceId == key.Id && device.IdentityNote == key.Note,
            () => new TopUpDevice { SubscriptionId = _subscriptionId, DeviceId = key.Id, IdentityNote = key.Note }, cancellation);

    private async ValueTask<int> FindOrAddAsync<TKey, TRow>(
        ConcurrentDictionary<TKey, int> committed,
        Dictionary<TKey, int> added,
        TKey key,
        Expression<Func<TRow, bool>> same,
        Func<TRow> create,
        CancellationToken cancellation)
        where TKey : notnull
        where TRow : class
    {
        // Names added by this transaction are in the dictionaries, so a row found here is committed.
        if (!allKnown && await db.Set<TRow>().Where(same).Select(row => (int?)EF.Property<int>(row, "Id")).FirstOrDefaultAsync(cancellation) is { } found) return committed[key] = found;
        if (!save) return added[key] = --_unsaved;
        var entry = db.Add(create());
        await db.SaveChangesAsync(cancellation);
        entry.State = EntityState.Detached;
        return added[key] = (int)entry.Property("Id").CurrentValue!;
    }
}

/// <summary>Ids of a subscription's committed names, which never change. Other processes add names, so a missing one may be in the database.</summary>
public sealed class KnownNames
{
    internal ConcurrentDictionary<(string Id, string Name), int> Staff { get; } = new();

    internal ConcurrentDictionary<(string Id, string Name), int> Clients { get; } = new();

    internal ConcurrentDictionary<(string Id, string Note), int> Devices { get; } = new();

    internal ConcurrentDictionary<string, int> Programs { get; } = new();

    /// <summary>Every name of the current subscription. Call it before names are added in the same transaction.</summary>
    public static async Task<KnownNames> LoadAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var names = new KnownNames();
        foreach (var staff in await db.StaffMembers.AsNoTracking().ToListAsync(cancellation)) names.Staff[(staff.StaffId, staff.Name)] = staff.Id;
        foreach (var client in await db.Clients.AsNoTracking().ToListAsync(cancellation)) names.Clients[(client.ClientId, client.Name)] = client.Id;
        foreach (var device in await db.TopUpDevices.AsNoTracking().ToListAsync(cancellation)) names.Devices[(device.DeviceId, device.IdentityNote)] = device.Id;
        foreach (var program in await db.Programs.AsNoTracking().ToListAsync(cancellation)) names.Programs[program.Name] = program.Id;
        return names;
    }
}

/// <summary>The month whose report shows an event, the instant that the balance fell, and the intake that brought it.</summary>
internal readonly record struct UsagePosting(UsageMonth Month, DateTimeOffset At, int IntakeId);

/// <summary>The keys of a record's names.</summary>
public sealed record RecordedNames(int Staff, int? Client, int Program)
{
    /// <summary>Adds those that are new. Call it within a write.</summary>
    public static async Task<RecordedNames> FindOrAddAsync(CreditUsageDb db, UsageRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        var names = new NameLookup(db, await KnownNames.LoadAsync(db, cancellation), allKnown: true, save: true);
        var row = await names.RowAsync(record, null, new UsagePosting(UsageMonth.Of(record.ServiceDate), record.OccurredAt, 0), cancellation);
        return new RecordedNames(row.StaffMemberId, row.ClientId, row.ProgramId);
    }
}
