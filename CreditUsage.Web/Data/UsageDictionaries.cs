using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Data;

/// <summary>The ids of names while events are written: those that are known, and a new row for each that is not.</summary>
internal sealed class UsageDictionaries
{
    private readonly CreditUsageDb _db;
    private readonly int _subscriptionId;
    private readonly Dictionary<(string Id, string Name), int> _staff;
    private readonly Dictionary<(string Id, string Name), int> _clients;
    private readonly Dictionary<(string Id, string Name), int> _devices;
    private readonly Dictionary<string, int> _programs;
    private readonly bool _save;
    private int _unsaved;

    private UsageDictionaries(
        CreditUsageDb db,
        Dictionary<(string Id, string Name), int> staff,
        Dictionary<(string Id, string Name), int> clients,
        Dictionary<(string Id, string Name), int> devices,
        Dictionary<string, int> programs,
        bool save)
    {
        (_db, _subscriptionId) = (db, db.RequireSubscriptionId());
        (_staff, _clients, _devices, _programs) = (staff, clients, devices, programs);
        _save = save;
    }

    /// <param name="save">Whether new names are written; else each gets a number below zero that nothing else has.</param>
    public static async Task<UsageDictionaries> LoadAsync(CreditUsageDb db, bool save, CancellationToken cancellation) => new(
        db,
        await db.StaffMembers.AsNoTracking().ToDictionaryAsync(staff => (staff.StaffId, staff.Name), staff => staff.Id, cancellation),
        await db.Clients.AsNoTracking().ToDictionaryAsync(client => (client.ClientId, client.Name), client => client.Id, cancellation),
        await db.TopUpDevices.AsNoTracking().ToDictionaryAsync(device => (device.DeviceId, device.IdentityNote), device => device.Id, cancellation),
        await db.Programs.AsNoTracking().ToDictionaryAsync(program => program.Name, program => program.Id, cancellation),
        save);

    /// <summary>The event's row, with names replaced by their ids.</summary>
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

    private ValueTask<int> StaffAsync((string Id, string Name) key, CancellationToken cancellation) =>
        _staff.TryGetValue(key, out var id) ? new(id) : AddAsync(_staff, key, new StaffMember { SubscriptionId = _subscriptionId, StaffId = key.Id, Name = key.Name }, row => row.Id, cancellation);

    private ValueTask<int> ClientAsync((string Id, string Name) key, CancellationToken cancellation) =>
        _clients.TryGetValue(key, out var id) ? new(id) : AddAsync(_clients, key, new Client { SubscriptionId = _subscriptionId, ClientId = key.Id, Name = key.Name }, row => row.Id, cancellation);

    private ValueTask<int> ProgramAsync(string key, CancellationToken cancellation) =>
        _programs.TryGetValue(key, out var id) ? new(id) : AddAsync(_programs, key, new TreatmentProgram { SubscriptionId = _subscriptionId, Name = key }, row => row.Id, cancellation);

    private ValueTask<int> DeviceAsync((string Id, string Name) key, CancellationToken cancellation) =>
        _devices.TryGetValue(key, out var id) ? new(id) : AddAsync(_devices, key, new TopUpDevice { SubscriptionId = _subscriptionId, DeviceId = key.Id, IdentityNote = key.Name }, row => row.Id, cancellation);

    private async ValueTask<int> AddAsync<TKey, TRow>(Dictionary<TKey, int> known, TKey key, TRow row, Func<TRow, int> id, CancellationToken cancellation)
        where TKey : notnull
        where TRow : class
    {
        if (!_save) return known[key] = --_unsaved;
        _db.Add(row);
        await _db.SaveChangesAsync(cancellation);
        _db.Entry(row).State = EntityState.Detached;
        return known[key] = id(row);
    }
}
