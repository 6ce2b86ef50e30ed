using CreditUsage.Data;
using CreditUsage.Data.Sqlite;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CreditUsage.Core.Intake;

/// <summary>
/// Writes usage events: the only place that does. Everything added is stored by <see cref="CommitAsync"/>, or nothing is.
/// The same event again is a duplicate and changes nothing; the same id with other content is a conflict (domain.md rule 6).
/// </summary>
public sealed class RecordUsage : IAsyncDisposable
{
    /// <summary>Events that are written together, and looked at together when one of them was there before.</summary>
    private const int RowsAtOnce = 200;

    private readonly CreditUsageDb _db;
    private readonly IDbContextTransaction? _transaction;
    private readonly SqliteDryRun? _rehearsal;
    private readonly NameLookup _names;
    private readonly List<CreditPrice> _prices;
    private readonly ClosedMonths _closed;
    private readonly UsageIntake _intake;
    private readonly SqliteUsageInsert _insert;
    private readonly List<(int Line, UsageRecord Record)> _waiting = new(RowsAtOnce);
    private readonly SortedDictionary<(UsageMonth Own, UsageMonth Shown), int> _late = [];
    private (DateOnly Day, CreditPrice? Price) _priced;

    private RecordUsage(
        CreditUsageDb db, IDbContextTransaction? transaction, SqliteDryRun? rehearsal, NameLookup names, List<CreditPrice> prices, ClosedMonths closed, UsageIntake intake)
    {
        (_db, _transaction, _rehearsal, _names, _prices, _closed, _intake) = (db, transaction, rehearsal, names, prices, closed, intake);
        _insert = new SqliteUsageInsert(db);
    }

    /// <summary>The intake that the events name.</summary>
    public int IntakeId => _intake.Id;

    /// <summary>Events that were not there before.</summary>
    public int Accepted { get; private set; }

    /// <summary>Events that were there, with the same content.</summary>
    public int Duplicates { get; private set; }

    /// <summary>How many of <see cref="Accepted"/> are of a month that is closed, and the month whose report shows them (domain.md rule 8).</summary>
    public IReadOnlyDictionary<(UsageMonth Own, UsageMonth Shown), int> Late => _late;

    /// <summary>
    /// Takes the write lock at once, so that nothing read here can be changed by somebody else before the commit. Within a transaction
    /// that was begun before for writing it joins that one, and <see cref="CommitAsync"/> leaves the commit to who began it.
    /// </summary>
    /// <param name="db">Within a subscription.</param>
    /// <param name="source">The way in.</param>
    /// <param name="by">Who brings it, as they are called now.</param>
    /// <param name="clock">Says when it comes in: the moment that the lock is taken, so that what comes in after a closing is after it by the clock too.</param>
    /// <param name="known">Names of the subscription that are known from before; all are read when it is absent.</param>
    /// <exception cref="InvalidOperationException">No subscription has been entered.</exception>
    public static async Task<RecordUsage> BeginAsync(
        CreditUsageDb db, UsageSource source, string by, TimeProvider clock, CancellationToken cancellation, KnownNames? known = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(clock);
        var subscription = db.RequireSubscriptionId();
        var transaction = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellation) : null;
        var intake = new UsageIntake { SubscriptionId = subscription, Source = source, RecordedAt = clock.GetUtcNow(), RecordedBy = by };
        db.Add(intake);
        await db.SaveChangesAsync(cancellation);
        return await LoadAsync(db, transaction, null, intake, known, cancellation);
    }

    /// <summary>Goes through all that recording does without writing anything or locking anybody out. What it finds is as of now; it cannot be committed.</summary>
    /// <exception cref="InvalidOperationException">No subscription has been entered.</exception>
    public static async Task<RecordUsage> RehearseAsync(CreditUsageDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var intake = new UsageIntake { SubscriptionId = db.RequireSubscriptionId(), Source = UsageSource.Unknown, RecordedAt = now, RecordedBy = "" };
        return await LoadAsync(db, null, await SqliteDryRun.BeginAsync(db, cancellation), intake, null, cancellation);
    }

    private static async Task<RecordUsage> LoadAsync(
        CreditUsageDb db, IDbContextTransaction? transaction, SqliteDryRun? rehearsal, UsageIntake intake, KnownNames? known, CancellationToken cancellation)
    {
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        var names = new NameLookup(db, known ?? await KnownNames.LoadAsync(db, cancellation), allKnown: known is null, save: rehearsal is null);
        return new RecordUsage(db, transaction, rehearsal, names, prices, await ClosedMonths.LoadAsync(db, cancellation), intake);
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
            rows.Add(await _names.RowAsync(record, PriceOn(record.ServiceDate), PostingOf(record), cancellation));
        if (_rehearsal is not null) await _rehearsal.BringAsync(rows, cancellation);
        var inserted = Insert(rows);
        var conflicts = inserted == rows.Count ? [] : await ConflictsAsync(rows, cancellation);
        Accepted += inserted;
        Duplicates += rows.Count - inserted - conflicts.Count;
        _waiting.Clear();
        return conflicts;
    }

    /// <summary>Makes everything that was added durable. Call <see cref="FlushAsync"/> first and commit only without conflicts.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        if (_rehearsal is not null) throw new InvalidOperationException("A rehearsal cannot be committed.");
        if (_waiting.Count > 0) throw new InvalidOperationException("Events wait to be written; flush first.");
        (_intake.Accepted, _intake.Duplicates) = (Accepted, Duplicates);
        await _db.SaveChangesAsync(cancellation);
        if (_transaction is not null) await _transaction.CommitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _insert.Dispose();
        if (_transaction is not null) await _transaction.DisposeAsync();
        if (_rehearsal is not null) await _rehearsal.DisposeAsync();
    }

    private int Insert(List<UsageEvent> rows)
    {
        var inserted = 0;
        foreach (var row in rows.Where(_insert.Run))
        {
            inserted++;
            var own = UsageMonth.Of(row.ServiceDate);
            if (row.ReportMonth != own) _late[(own, row.ReportMonth)] = _late.GetValueOrDefault((own, row.ReportMonth)) + 1;
        }
        return inserted;
    }

    /// <summary>Its own month, at the instant of domain.md rule 2; where that month is closed, the next open one, now (rule 8).</summary>
    private UsagePosting PostingOf(UsageRecord record)
    {
        var own = UsageMonth.Of(record.ServiceDate);
        var month = _closed.ReportMonth(own);
        if (month != own) return new UsagePosting(month, _intake.RecordedAt, _intake.Id);
        return new UsagePosting(own, record.Kind == UsageKind.DailyTopUp ? record.OccurredAt.AddDays(1) : record.OccurredAt, _intake.Id);
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
            {
                if (await SecondTopUpAsync(rows[i], record, cancellation) is { } second) conflicts.Add((line, second));
            }
            else if (Difference(known, rows[i], record) is { } field)
                conflicts.Add((line, new UsageFault(field, $"Event {record.EventId} is already recorded with another {field}; an event cannot be changed, so leave it out or give it an id of its own.")));
        }
        return conflicts;
    }

    /// <summary>What is wrong with another top-up of a device and day; nothing is where the first was charged here and both agree.</summary>
    private async Task<UsageFault?> SecondTopUpAsync(UsageEvent row, UsageRecord record, CancellationToken cancellation)
    {
        var other = await _db.UsageEvents.AsNoTracking().SingleAsync(usage => usage.DeviceNumber == row.DeviceNumber && usage.ServiceDate == row.ServiceDate, cancellation);
        var charged = await _db.UsageIntakes.AnyAsync(intake => intake.Id == other.IntakeId && intake.Source == UsageSource.Charge, cancellation);
        if (!charged) return new UsageFault("device_id", $"Device {row.DeviceNumber:D10} already has its top-up for {row.ServiceDate:yyyy-MM-dd}, event {other.EventId}; leave this one out.");
        return Difference(other, row, record) is not { } field ? null
            : new UsageFault(field, $"Device {row.DeviceNumber:D10} was charged here for {row.ServiceDate:yyyy-MM-dd}, event {other.EventId}, with another {field}; leave this one out. A wrong charge can be taken back; what was right of it is then recorded as an adjustment of credits.");
    }

    /// <summary>The first field whose stated content is not what is recorded. Credits and cost left empty state nothing.</summary>
    private static string? Difference(UsageEvent known, UsageEvent row, UsageRecord record) => row switch
    {
        _ when known.Kind != row.Kind => "kind",
        _ when known.OccurredAt != row.OccurredAt => "occurred_at",
        _ when known.StaffMemberId != row.StaffMemberId => "staff_name",
        _ when known.ClientId != row.ClientId => "client_name",
        _ when known.ProgramId != row.ProgramId => "program",
        _ when known.TopUpDeviceId != row.TopUpDeviceId => "identity_note",
        _ when known.DurationMinutes != row.DurationMinutes => "duration_minutes",
        _ when record.Credits is not null && known.Credits != row.Credits => "credits",
        _ when record.CostPence is not null && known.CostPence != row.CostPence => "cost_gbp",
        _ => null,
    };
}
