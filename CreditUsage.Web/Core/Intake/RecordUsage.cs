using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CreditUsage.Core.Intake;

/// <summary>
/// The only writer of usage events. <see cref="CommitAsync"/> stores everything that was added, or nothing is stored. The same event again is a
/// duplicate and changes nothing; the same id with other content is a conflict (domain.md rule 6).
/// </summary>
public sealed class RecordUsage : IAsyncDisposable
{
    private const int BatchSize = 200;

    private readonly CreditUsageDb _db;
    private readonly IDbContextTransaction? _transaction;
    private readonly UsageDryRun? _dryRun;
    private readonly NameLookup _names;
    private readonly List<CreditPrice> _prices;
    private readonly ClosedMonths _closed;
    private readonly UsageIntake _intake;
    private readonly UsageInsert _insert;
    private readonly List<(int Line, UsageRecord Record)> _batch = new(BatchSize);
    private readonly SortedDictionary<(UsageMonth Own, UsageMonth Shown), int> _late = [];
    private (DateOnly Day, CreditPrice? Price) _lastPrice;

    private RecordUsage(
        CreditUsageDb db, IDbContextTransaction? transaction, UsageDryRun? dryRun, NameLookup names, List<CreditPrice> prices, ClosedMonths closed, UsageIntake intake)
    {
        (_db, _transaction, _dryRun, _names, _prices, _closed, _intake) = (db, transaction, dryRun, names, prices, closed, intake);
        _insert = db.PrepareUsageInsert();
    }

    public int IntakeId => _intake.Id;

    public int Accepted { get; private set; }

    public int Duplicates { get; private set; }

    /// <summary>How many of <see cref="Accepted"/> belong to a closed month, and the month whose report shows them (domain.md rule 8).</summary>
    public IReadOnlyDictionary<(UsageMonth Own, UsageMonth Shown), int> Late => _late;

    /// <summary>Begins a write, or joins the context's transaction; then its owner commits and <see cref="CommitAsync"/> does not.</summary>
    /// <param name="clock">Read after the write has begun, so that usage after a closing also has a later instant.</param>
    /// <param name="known">Names of the subscription that are known already; null to read them all.</param>
    /// <exception cref="InvalidOperationException">No subscription has been entered.</exception>
    public static async Task<RecordUsage> BeginAsync(
        CreditUsageDb db, UsageSource source, string by, TimeProvider clock, CancellationToken cancellation, KnownNames? known = null)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(clock);
        var subscription = db.RequireSubscriptionId();
        var transaction = db.Database.CurrentTransaction is null ? await db.BeginWriteAsync(cancellation) : null;
        var intake = new UsageIntake { SubscriptionId = subscription, Source = source, RecordedAt = clock.GetUtcNow(), RecordedBy = by };
        db.Add(intake);
        await db.SaveChangesAsync(cancellation);
        return await LoadAsync(db, transaction, null, intake, known, cancellation);
    }

    /// <summary>Does the same as recording without writing or locking, on the current state of the database. It cannot be committed.</summary>
    public static async Task<RecordUsage> BeginDryRunAsync(CreditUsageDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var intake = new UsageIntake { SubscriptionId = db.RequireSubscriptionId(), Source = UsageSource.Unknown, RecordedAt = now, RecordedBy = "" };
        return await LoadAsync(db, null, await db.BeginDryRunAsync(cancellation), intake, null, cancellation);
    }

    private static async Task<RecordUsage> LoadAsync(
        CreditUsageDb db, IDbContextTransaction? transaction, UsageDryRun? dryRun, UsageIntake intake, KnownNames? known, CancellationToken cancellation)
    {
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        var names = new NameLookup(db, known ?? await KnownNames.LoadAsync(db, cancellation), allKnown: known is null, save: dryRun is null);
        return new RecordUsage(db, transaction, dryRun, names, prices, await db.ClosedMonthsAsync(cancellation), intake);
    }

    /// <summary>Adds one event. Its conflict is returned by this call or a later one, since events are written in batches.</summary>
    public async ValueTask<IReadOnlyList<(int Line, UsageFault Fault)>> AddAsync(int line, UsageRecord record, CancellationToken cancellation)
    {
        _batch.Add((line, record));
        return _batch.Count < BatchSize ? [] : await FlushAsync(cancellation);
    }

    public async Task<IReadOnlyList<(int Line, UsageFault Fault)>> FlushAsync(CancellationToken cancellation)
    {
        if (_batch.Count == 0) return [];
        var rows = new List<UsageEvent>(_batch.Count);
        foreach (var (_, record) in _batch)
            rows.Add(await _names.RowAsync(record, PriceOn(record.ServiceDate), PostingOf(record), cancellation));
        if (_dryRun is not null) await _dryRun.IncludeStoredAsync(rows, cancellation);
        var inserted = await _insert.RunAsync(rows, cancellation);
        var conflicts = inserted.Count == rows.Count ? [] : await UsageConflicts.FindAsync(_db, _batch, rows, cancellation);
        CountLate(inserted);
        Accepted += inserted.Count;
        Duplicates += rows.Count - inserted.Count - conflicts.Count;
        _batch.Clear();
        return conflicts;
    }

    /// <summary>Commits everything that was added. Call <see cref="FlushAsync"/> first, and commit only without conflicts.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        if (_dryRun is not null) throw new InvalidOperationException("A dry run cannot be committed.");
        if (_batch.Count > 0) throw new InvalidOperationException("Events wait to be written; flush first.");
        (_intake.Accepted, _intake.Duplicates) = (Accepted, Duplicates);
        await _db.SaveChangesAsync(cancellation);
        if (_transaction is not null) await _transaction.CommitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _insert.Dispose();
        if (_transaction is not null) await _transaction.DisposeAsync();
        if (_dryRun is not null) await _dryRun.DisposeAsync();
    }

    private void CountLate(IReadOnlyList<UsageEvent> inserted)
    {
        foreach (var row in inserted)
        {
            var own = UsageMonth.Of(row.ServiceDate);
            if (row.ReportMonth != own) _late[(own, row.ReportMonth)] = _late.GetValueOrDefault((own, row.ReportMonth)) + 1;
        }
    }

    /// <summary>An event's own month, at the instant of domain.md rule 2; where that month is closed, the next open one, now (rule 8).</summary>
    private UsagePosting PostingOf(UsageRecord record)
    {
        var own = UsageMonth.Of(record.ServiceDate);
        var month = _closed.ReportMonth(own);
        if (month != own) return new UsagePosting(month, _intake.RecordedAt, _intake.Id);
        return new UsagePosting(own, record.Kind == UsageKind.DailyTopUp ? record.OccurredAt.AddDays(1) : record.OccurredAt, _intake.Id);
    }

    private CreditPrice? PriceOn(DateOnly day)
    {
        if (_lastPrice.Day != day) _lastPrice = (day, CreditPrice.On(_prices, day));
        return _lastPrice.Price;
    }
}
