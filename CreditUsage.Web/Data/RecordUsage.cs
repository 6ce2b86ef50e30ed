using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CreditUsage.Data;

/// <summary>
/// Writes usage events: the only place that does. Everything added is stored by <see cref="CommitAsync"/>, or nothing is.
/// The same event again is a duplicate and changes nothing; the same id with other content is a conflict (domain.md rule 6).
/// </summary>
public sealed class RecordUsage : IAsyncDisposable
{
    /// <summary>Events that are written together, and looked at together when one of them was there before.</summary>
    private const int RowsAtOnce = 200;

    private readonly CreditUsageDb _db;
    private readonly IDbContextTransaction _transaction;
    private readonly UsageDictionaries _names;
    private readonly List<CreditPrice> _prices;
    private readonly UsageInsert _insert;
    private readonly List<(int Line, UsageRecord Record)> _waiting = new(RowsAtOnce);
    private (DateOnly Day, CreditPrice? Price) _priced;

    private RecordUsage(CreditUsageDb db, IDbContextTransaction transaction, UsageDictionaries names, List<CreditPrice> prices)
    {
        (_db, _transaction, _names, _prices) = (db, transaction, names, prices);
        _insert = new UsageInsert(db);
    }

    /// <summary>Events that were not there before.</summary>
    public int Accepted { get; private set; }

    /// <summary>Events that were there, with the same content.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Takes the write lock at once, so that nothing read here can be changed by somebody else before the commit.</summary>
    /// <exception cref="InvalidOperationException">No subscription has been entered.</exception>
    public static async Task<RecordUsage> BeginAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        db.RequireSubscriptionId();
        var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        return new RecordUsage(db, transaction, await UsageDictionaries.LoadAsync(db, cancellation), prices);
    }

    /// <summary>Adds one event. Conflicts come back from this call or a later one, since events are written by the hundred.</summary>
    /// <param name="line">Where the event stands in its source, for messages.</param>
    public async ValueTask<IReadOnlyList<(int Line, UsageFault Fault)>> AddAsync(int line, UsageRecord record, CancellationToken cancellation)
    {
        _waiting.Add((line, record));
        return _waiting.Count < RowsAtOnce ? [] : await FlushAsync(cancellation);
    }

    /// <summary>Writes what waits, without committing.</summary>
    public async Task<IReadOnlyList<(int Line, UsageFault Fault)>> FlushAsync(CancellationToken cancellation)
    {
        if (_waiting.Count == 0) return [];
        var rows = new List<UsageEvent>(_waiting.Count);
        foreach (var (_, record) in _waiting)
            rows.Add(await _names.RowAsync(record, PriceOn(record.ServiceDate), cancellation));
        var inserted = _insert.Run(rows);
        var conflicts = inserted == rows.Count ? [] : await ConflictsAsync(rows, cancellation);
        Accepted += inserted;
        Duplicates += rows.Count - inserted - conflicts.Count;
        _waiting.Clear();
        return conflicts;
    }

    /// <summary>Makes everything that was added durable. Call <see cref="FlushAsync"/> first and commit only without conflicts.</summary>
    public Task CommitAsync(CancellationToken cancellation) =>
        _waiting.Count == 0 ? _transaction.CommitAsync(cancellation) : throw new InvalidOperationException("Events wait to be written; flush first.");

    public async ValueTask DisposeAsync()
    {
        _insert.Dispose();
        await _transaction.DisposeAsync();
    }

    private CreditPrice? PriceOn(DateOnly day)
    {
        if (_priced.Day != day) _priced = (day, CreditPrice.On(_prices, day));
        return _priced.Price;
    }

    private async Task<List<(int Line, UsageFault Fault)>> ConflictsAsync(List<UsageEvent> rows, CancellationToken cancellation)
    {
        var ids = rows.Select(row => row.EventId).ToList();
        var stored = await _db.UsageEvents.AsNoTracking().Where(usage => ids.Contains(usage.EventId)).ToDictionaryAsync(usage => usage.EventId, cancellation);
        var conflicts = new List<(int, UsageFault)>();
        for (var i = 0; i < rows.Count; i++)
        {
            var (line, record) = _waiting[i];
            if (!stored.TryGetValue(record.EventId, out var known))
                conflicts.Add((line, await SecondTopUpAsync(rows[i], cancellation)));
            else if (Difference(known, rows[i], record) is { } field)
                conflicts.Add((line, new UsageFault(field, $"Event {record.EventId} is already recorded with another {field}; an event cannot be changed, so leave it out or give it an id of its own.")));
        }
        return conflicts;
    }

    private async Task<UsageFault> SecondTopUpAsync(UsageEvent row, CancellationToken cancellation)
    {
        var other = await _db.UsageEvents.AsNoTracking().Where(usage => usage.DeviceNumber == row.DeviceNumber && usage.ServiceDate == row.ServiceDate)
            .Select(usage => usage.EventId).SingleAsync(cancellation);
        return new UsageFault("device_id", $"Device {row.DeviceNumber:D10} already has its top-up for {row.ServiceDate:yyyy-MM-dd}, event {other}; leave this one out.");
    }

    /// <summary>The first field whose stated content is not what is recorded. Credits and cost left empty state nothing.</summary>
    private static string? Difference(UsageEvent known, UsageEvent row, UsageRecord record) => row switch
    {
        _ when known.Kind != row.Kind => "kind",
        _ when known.OccurredAt != row.OccurredAt => "occurred_at",
        _ when known.StaffMemberId != row.StaffMemberId => "staff",
        _ when known.ClientId != row.ClientId => "client",
        _ when known.ProgramId != row.ProgramId => "program",
        _ when known.TopUpDeviceId != row.TopUpDeviceId => "device",
        _ when known.DurationMinutes != row.DurationMinutes => "duration_minutes",
        _ when record.Credits is not null && known.Credits != row.Credits => "credits",
        _ when record.CostPence is not null && known.CostPence != row.CostPence => "cost_gbp",
        _ => null,
    };
}
