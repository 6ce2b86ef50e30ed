using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CreditUsage.Core.Intake;

/// <summary>
/// The only writer of usage events. <see cref="CommitAsync"/> stores everything that was added, or nothing is stored. The same event again is a
/// duplicate and changes nothing; the same id with other content is a conflict (domain.md rule 6). A call or a charge is one transaction; an import is
/// written in short ones that nobody sees until it is committed (docs/decisions/0021).
/// </summary>
public sealed class RecordUsage : IAsyncDisposable
{
    private const int BatchSize = 200;

    private const int BatchSizeOfImport = 1000;

    private readonly CreditUsageDb _db;
    private readonly HiddenIntake? _hidden;
    private readonly UsageDryRun? _dryRun;
    private readonly NameLookup _names;
    private readonly List<CreditPrice> _prices;
    private readonly ClosedMonths _closed;
    private readonly UsageIntake _intake;
    private readonly UsageInsert _insert;
    private readonly List<(int Line, UsageRecord Record)> _batch = new(BatchSize);
    private readonly LinesOfEvents? _lines;
    private readonly List<DoubleRow> _topUpDoubles = [];
    private readonly SortedDictionary<(UsageMonth Own, UsageMonth Shown), int> _late = [];
    private IDbContextTransaction? _transaction;
    private HiddenPlaces? _inTheWay;
    private (DateOnly Day, CreditPrice? Price) _lastPrice;

    private RecordUsage(CreditUsageDb db, UsageDryRun? dryRun, HiddenIntake? hidden, NameLookup names, List<CreditPrice> prices, ClosedMonths closed, UsageIntake intake)
    {
        (_db, _dryRun, _hidden, _names, _prices, _closed, _intake) = (db, dryRun, hidden, names, prices, closed, intake);
        // Only of a file one asks for the line of an earlier event.
        _lines = dryRun is null && hidden is null ? null : new LinesOfEvents();
        Arriving = dryRun is null ? null : new ArrivingUsage();
        _insert = db.PrepareUsageInsert();
        // A dry run's table has no key that would choose itself.
        _insert.NextId = hidden?.FirstId ?? (dryRun is null ? null : 0);
    }

    public int IntakeId => _intake.Id;

    /// <summary>Of an import: the key of its first event.</summary>
    public long? FirstEventKey => _hidden?.FirstId;

    public int Accepted { get; private set; }

    public int Duplicates { get; private set; }

    /// <summary>How many of <see cref="Accepted"/> belong to a closed month, and the month whose report shows them (domain.md rule 8).</summary>
    public IReadOnlyDictionary<(UsageMonth Own, UsageMonth Shown), int> Late => _late;

    /// <summary>What a dry run would record; null of a recording.</summary>
    public ArrivingUsage? Arriving { get; }

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
        var record = await LoadAsync(db, null, null, intake, known, cancellation);
        (record._transaction, record._inTheWay) = (transaction, await HiddenPlaces.FindAsync(db, cancellation));
        return record;
    }

    /// <summary>Begins an import: each write is short, and none of it is seen before <see cref="CommitAsync"/>, for which <see cref="BeginCommitAsync"/> comes first.
    /// Waits while another file of the subscription is being imported.</summary>
    public static async Task<RecordUsage> BeginImportAsync(CreditUsageDb db, ImportTurns turns, string by, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(turns);
        var hidden = await HiddenIntake.BeginAsync(db, turns, UsageSource.Import, by, clock, cancellation);
        try
        {
            return await LoadAsync(db, null, hidden, hidden.Intake, null, cancellation);
        }
        catch
        {
            await hidden.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does the same as recording without writing or locking, on the current state of the database. It cannot be committed.</summary>
    public static async Task<RecordUsage> BeginDryRunAsync(CreditUsageDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        var intake = new UsageIntake { SubscriptionId = db.RequireSubscriptionId(), Source = UsageSource.Unknown, RecordedAt = now, RecordedBy = "" };
        return await LoadAsync(db, await db.BeginDryRunAsync(cancellation), null, intake, null, cancellation);
    }

    private static async Task<RecordUsage> LoadAsync(
        CreditUsageDb db, UsageDryRun? dryRun, HiddenIntake? hidden, UsageIntake intake, KnownNames? known, CancellationToken cancellation)
    {
        var prices = await db.CreditPrices.AsNoTracking().ToListAsync(cancellation);
        // Between the writes of an import others add names, too.
        var names = new NameLookup(db, known ?? await KnownNames.LoadAsync(db, cancellation), allKnown: known is null && hidden is null, save: dryRun is null);
        return new RecordUsage(db, dryRun, hidden, names, prices, await db.ClosedMonthsAsync(cancellation), intake);
    }

    /// <summary>Adds one event. Its conflict is returned by this call or a later one, since events are written in batches.</summary>
    public async ValueTask<IReadOnlyList<(int Line, UsageFault Fault)>> AddAsync(int line, UsageRecord record, CancellationToken cancellation)
    {
        _batch.Add((line, record));
        return _batch.Count < (_hidden is null ? BatchSize : BatchSizeOfImport) ? [] : await FlushAsync(cancellation);
    }

    public async Task<IReadOnlyList<(int Line, UsageFault Fault)>> FlushAsync(CancellationToken cancellation)
    {
        if (_hidden is null)
        {
            var conflicts = _batch.Count == 0 ? [] : await WriteAsync(_batch, cancellation);
            _batch.Clear();
            return conflicts;
        }
        var found = new List<(int, UsageFault)>();
        await _hidden.WriteAsync(_batch, async part => found.AddRange(await WriteAsync(part, cancellation)), cancellation);
        _batch.Clear();
        return found;
    }

    /// <summary>Which of a dry run's rows equal recorded events in all but their id, by line. Call <see cref="FlushAsync"/> first.</summary>
    public async Task<IReadOnlyList<DoubleRow>> DoublesAsync(CancellationToken cancellation)
    {
        if (_dryRun is null) throw new InvalidOperationException("Only a dry run looks for doubles.");
        // An event of a closed month is shown in a later one, and its double was in its own.
        var months = Arriving!.Sums.Keys.Where(key => key.Kind == UsageKind.ConnectedSession).Select(key => key.Month).Concat(_late.Keys.Select(late => late.Own)).Distinct().ToList();
        var doubles = await _dryRun.DoublesAsync(months, cancellation);
        return [.. doubles.Select(row => new DoubleRow(_lines![row.EventId]!.Value, row.EventId, row.Recorded)).Concat(_topUpDoubles).OrderBy(row => row.Line)];
    }

    /// <summary>Takes the write lock for the end of an import. Call <see cref="FlushAsync"/> first.</summary>
    /// <returns>False where a price, a closing or another event has come in between: what was prepared would not be what is recorded then.</returns>
    public async Task<bool> BeginCommitAsync(CancellationToken cancellation)
    {
        if (_hidden is null) throw new InvalidOperationException("Only an import begins its commit.");
        _transaction = await _db.BeginWriteAsync(cancellation);
        return await _hidden.HoldsAsync(cancellation);
    }

    /// <summary>Commits everything that was added. Call <see cref="FlushAsync"/> first, and commit only without conflicts.</summary>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        if (_dryRun is not null) throw new InvalidOperationException("A dry run cannot be committed.");
        if (_batch.Count > 0) throw new InvalidOperationException("Events wait to be written; flush first.");
        if (_hidden is not null && _transaction is null) throw new InvalidOperationException("An import begins its commit first.");
        (_intake.Accepted, _intake.Duplicates) = (Accepted, Duplicates);
        _hidden?.Show();
        await _db.SaveChangesAsync(cancellation);
        if (_transaction is not null) await _transaction.CommitAsync(cancellation);
        _hidden?.Shown();
        SiteMetrics.UsageRecorded(_intake.Source.ToString(), Accepted);
    }

    public async ValueTask DisposeAsync()
    {
        _insert.Dispose();
        if (_transaction is not null) await _transaction.DisposeAsync();
        if (_dryRun is not null) await _dryRun.DisposeAsync();
        if (_hidden is not null) await _hidden.DisposeAsync();
    }

    private async Task<IReadOnlyList<(int Line, UsageFault Fault)>> WriteAsync(IReadOnlyList<(int Line, UsageRecord Record)> part, CancellationToken cancellation)
    {
        var rows = new List<UsageEvent>(part.Count);
        foreach (var (_, record) in part)
            rows.Add(await _names.RowAsync(record, PriceOn(record.ServiceDate), PostingOf(record), cancellation));
        if (_dryRun is not null) await _dryRun.IncludeStoredAsync(rows, cancellation);
        if (_inTheWay is not null) await _inTheWay.TakeAsync(rows, cancellation);
        var inserted = await _insert.RunAsync(rows, cancellation);
        if (inserted.Count < rows.Count && await InReversedDaysAsync(rows, inserted, cancellation) is { Count: > 0 } more) inserted = [.. rows.Where(row => inserted.Contains(row) || more.Contains(row))];
        Count(part, rows, inserted);
        var conflicts = inserted.Count == rows.Count ? [] : await ConflictsAsync(part, rows, cancellation);
        Accepted += inserted.Count;
        Duplicates += rows.Count - inserted.Count - conflicts.Count;
        return conflicts;
    }

    /// <summary>Inserts the top-ups whose device and day are taken by reversed ones alone: each has the next turn of its day.</summary>
    private async Task<IReadOnlyList<UsageEvent>> InReversedDaysAsync(IReadOnlyList<UsageEvent> rows, IReadOnlyList<UsageEvent> inserted, CancellationToken cancellation)
    {
        var stored = _db.UsageEvents.IgnoreQueryFilters([CreditUsageDb.StoredOnly]).AsNoTracking();
        var refused = rows.Where(row => row.DeviceNumber is not null).Except(inserted).ToList();
        if (refused.Count == 0) return [];
        var ids = refused.ConvertAll(row => row.EventId);
        var known = await stored.Where(usage => ids.Contains(usage.EventId)).Select(usage => usage.EventId).ToHashSetAsync(cancellation);
        var again = new List<UsageEvent>();
        foreach (var row in refused.Where(row => !known.Contains(row.EventId)))
        {
            var earlier = await stored.Where(usage => usage.DeviceNumber == row.DeviceNumber && usage.ServiceDate == row.ServiceDate).Select(usage => new { usage.Id, usage.DayTurn }).ToListAsync(cancellation);
            var keys = earlier.ConvertAll(usage => (long?)usage.Id);
            if (await _db.UsageEvents.CountAsync(correction => correction.Correction == CorrectionKind.Reversal && keys.Contains(correction.CorrectsId), cancellation) < earlier.Count) continue;
            row.DayTurn = earlier.Max(usage => usage.DayTurn) + 1;
            again.Add(row);
        }
        return await _insert.RunAsync(again, cancellation);
    }

    private async Task<List<(int Line, UsageFault Fault)>> ConflictsAsync(IReadOnlyList<(int Line, UsageRecord Record)> part, IReadOnlyList<UsageEvent> rows, CancellationToken cancellation)
    {
        var search = new UsageConflicts(_db, _names, _intake.Id, _lines);
        var found = await search.FindAsync(part, rows, cancellation);
        if (_dryRun is not null) _topUpDoubles.AddRange(search.Doubles);
        return found;
    }

    private void Count(IReadOnlyList<(int Line, UsageRecord Record)> part, IReadOnlyList<UsageEvent> rows, IReadOnlyList<UsageEvent> inserted)
    {
        var at = 0;
        foreach (var row in inserted)
        {
            while (!ReferenceEquals(rows[at], row)) at++;
            Arriving?.Add(part[at].Line, part[at].Record, row);
            _lines?.Add(row.EventId, part[at].Line);
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
