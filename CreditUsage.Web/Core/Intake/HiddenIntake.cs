using System.Diagnostics;
using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>An import, or its reversal, while it comes in: its events have a block of ids of their own, which no query sees until the intake is shown (docs/decisions/0021).</summary>
internal sealed class HiddenIntake : IAsyncDisposable
{
    /// <summary>Events between two looks at the clock: with a new name in every field of each, they are written in about 100 ms.</summary>
    private const int PartSize = 100;

    /// <summary>Events that are removed at once.</summary>
    private const int RemovedAtOnce = 1000;

    /// <summary>After this the write lock is given back.</summary>
    private static readonly TimeSpan LongestHeld = TimeSpan.FromMilliseconds(75);

    private readonly CreditUsageDb _db;
    private readonly IDisposable _turn;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellation;
    private readonly List<int> _prices;
    private readonly List<int> _closings;
    private TimeSpan _lastHeld;
    private bool _shown;

    private HiddenIntake(CreditUsageDb db, IDisposable turn, UsageIntake intake, TimeProvider clock, List<int> prices, List<int> closings, CancellationToken cancellation) =>
        (_db, _turn, Intake, _clock, _prices, _closings, _cancellation) = (db, turn, intake, clock, prices, closings, cancellation);

    public UsageIntake Intake { get; }

    public long FirstId => Intake.HiddenBlock!.Value * UsageEvent.IdsOfBlock;

    public static async Task<HiddenIntake> BeginAsync(CreditUsageDb db, ImportTurns turns, UsageSource source, string by, TimeProvider clock, CancellationToken cancellation)
    {
        var turn = await turns.EnterAsync(db.RequireSubscriptionId(), cancellation);
        try
        {
            // One connection until the end, since the insert is prepared on it.
            await db.Database.OpenConnectionAsync(cancellation);
            await RemoveAsync(db, cancellation);
            var (prices, closings) = (await PricesAsync(db, cancellation), await ClosingsAsync(db, cancellation));
            await using var transaction = await db.BeginWriteAsync(cancellation);
            var block = await db.ReserveUsageBlockAsync(cancellation);
            var intake = new UsageIntake { SubscriptionId = db.RequireSubscriptionId(), Source = source, RecordedAt = clock.GetUtcNow(), RecordedBy = by, HiddenBlock = block };
            db.Add(intake);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return new HiddenIntake(db, turn, intake, clock, prices, closings, cancellation);
        }
        catch
        {
            await db.Database.CloseConnectionAsync();
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Writes in transactions so short that others get their turn between them.</summary>
    public async Task WriteAsync<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, Task> write, CancellationToken cancellation)
    {
        for (var done = 0; done < items.Count;)
        {
            await YieldAsync(_lastHeld, cancellation);
            await using var transaction = await _db.BeginWriteAsync(cancellation);
            var began = Stopwatch.GetTimestamp();
            do
            {
                await write([.. items.Skip(done).Take(PartSize)]);
                done += PartSize;
            }
            while (done < items.Count && Stopwatch.GetElapsedTime(began) < LongestHeld);
            await transaction.CommitAsync(cancellation);
            _lastHeld = Stopwatch.GetElapsedTime(began);
        }
    }

    /// <summary>Call it under the write lock.</summary>
    public async Task<bool> HoldsAsync(CancellationToken cancellation) =>
        await _db.UsageIntakes.AnyAsync(intake => intake.Id == Intake.Id && !intake.Disturbed, cancellation)
        && _prices.SequenceEqual(await PricesAsync(_db, cancellation)) && _closings.SequenceEqual(await ClosingsAsync(_db, cancellation));

    /// <summary>What came in is recorded now, whenever it began to.</summary>
    public void Show() => (Intake.HiddenBlock, Intake.RecordedAt) = (null, _clock.GetUtcNow());

    /// <summary>Call it after the commit.</summary>
    public void Shown() => _shown = true;

    /// <summary>Removes what was not shown. A site that stops leaves that to its next start.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_shown && !_cancellation.IsCancellationRequested) await RemoveAsync(_db, _cancellation);
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem) || problem is OperationCanceledException)
        {
            // Nobody sees it, and the next import or night removes it.
        }
        finally
        {
            await _db.Database.CloseConnectionAsync();
            _turn.Dispose();
        }
    }

    /// <summary>Removes what an import of the current subscription has left that was killed. Call it with the subscription's turn.</summary>
    public static async Task RemoveAsync(CreditUsageDb db, CancellationToken cancellation)
    {
        if (await db.UsageIntakes.AsNoTracking().SingleOrDefaultAsync(intake => intake.HiddenBlock != null, cancellation) is not { HiddenBlock: { } block } left) return;
        // By the key alone, which no other subscription's events have.
        var (first, after) = (block * UsageEvent.IdsOfBlock, (block + 1) * UsageEvent.IdsOfBlock);
        var events = db.UsageEvents.IgnoreQueryFilters().Where(usage => usage.Id >= first && usage.Id < after);
        while (await events.MinAsync(usage => (long?)usage.Id, cancellation) is { } lowest)
        {
            var began = Stopwatch.GetTimestamp();
            await events.Where(usage => usage.Id < lowest + RemovedAtOnce).ExecuteDeleteAsync(cancellation);
            await YieldAsync(Stopwatch.GetElapsedTime(began), cancellation);
        }
        await db.UsageIntakes.Where(intake => intake.Id == left.Id).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>A third as long as the lock was held: whoever begins to wait for it looks at least every 25 ms at first, and finds the gap.</summary>
    private static Task YieldAsync(TimeSpan held, CancellationToken cancellation) => held == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(held / 3, cancellation);

    private static Task<List<int>> PricesAsync(CreditUsageDb db, CancellationToken cancellation) =>
        db.CreditPrices.OrderBy(price => price.Id).Select(price => price.Id).ToListAsync(cancellation);

    private static Task<List<int>> ClosingsAsync(CreditUsageDb db, CancellationToken cancellation) =>
        db.MonthClosings.Where(closing => closing.ReopenedAt == null).OrderBy(closing => closing.Id).Select(closing => closing.Id).ToListAsync(cancellation);
}
