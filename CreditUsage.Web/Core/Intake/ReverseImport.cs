using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Intake;

/// <summary>
/// Takes back what is left of every event that an import brought: a signed correction each, in the event's month or, where that is closed, in the next
/// open one (domain.md rules 7 and 8). Written as an import is, in short writes that nobody sees until all are there.
/// </summary>
public sealed class ReverseImport(CreditUsageDb db, ImportTurns turns, AuditLog audit, TimeProvider clock)
{
    private const int EventsAtOnce = 1000;

    /// <param name="progress">Is told how many events have been gone through.</param>
    /// <returns>False where a closing, a price or a correction has come in between: then nothing was reversed, and it is to be done again.</returns>
    public async Task<bool> RunAsync(UsageImport import, Func<int, Task> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        ArgumentNullException.ThrowIfNull(progress);
        await using var hidden = await HiddenIntake.BeginAsync(db, turns, UsageSource.Correction, import.ReversedBy!, clock, cancellation);
        if (!await IsWantedAsync(import, cancellation)) return true;
        var events = await ImportedEvents.OfAsync(db, import, cancellation);
        var corrected = await events.Corrections.CountAsync(cancellation);
        var (credits, done) = (0L, 0);
        using (var insert = db.PrepareUsageInsert())
        {
            insert.NextId = hidden.FirstId;
            var closed = await db.ClosedMonthsAsync(cancellation);
            for (var after = 0L; await events.PageAsync(after, EventsAtOnce, cancellation) is { Count: > 0 } page; after = page[^1].Original.Id)
            {
                var rows = page.Where(net => !net.IsReversed).Select(net => net.Correction(CorrectionKind.Reversal, -net.Current, hidden.Intake, closed.ReportMonth(net.Original.ReportMonth), import.ReverseReason!)).ToList();
                await hidden.WriteAsync(rows, part => insert.RunAsync(part, cancellation), cancellation);
                (hidden.Intake.Accepted, credits) = (hidden.Intake.Accepted + rows.Count, credits + rows.Sum(row => (long)row.Credits));
                await progress(done += page.Count);
            }
        }
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (!await hidden.HoldsAsync(cancellation) || await events.Corrections.CountAsync(cancellation) != corrected) return false;
        if (await db.UsageImports.SingleOrDefaultAsync(row => row.Id == import.Id && row.State == UsageImportState.Reversing, cancellation) is not { } reversed) return true;
        (reversed.State, reversed.ReversedAt, reversed.RowsDone) = (UsageImportState.Reversed, clock.GetUtcNow(), done);
        hidden.Show();
        await db.SaveChangesAsync(cancellation);
        // Without the reason, which may name a client; it stands with the events.
        await audit.AddAsync(AuditAction.Correction, $"File {import.Sha256[..12]}", $"Import reversed: {Display.Count(hidden.Intake.Accepted, "event", "events")}, {Display.Number(credits)} credits", cancellation);
        await transaction.CommitAsync(cancellation);
        hidden.Shown();
        return true;
    }

    private Task<bool> IsWantedAsync(UsageImport import, CancellationToken cancellation) =>
        db.UsageImports.AnyAsync(row => row.Id == import.Id && row.State == UsageImportState.Reversing, cancellation);
}

/// <summary>The events that an import brought, and their corrections.</summary>
/// <param name="first">The lowest key that they have.</param>
public sealed class ImportedEvents(CreditUsageDb db, int intakeId, long first)
{
    public IQueryable<UsageEvent> Originals => db.UsageEvents.AsNoTracking().Where(usage => usage.Id >= first && usage.Id < first + UsageEvent.IdsOfBlock && usage.IntakeId == intakeId);

    /// <summary>The keys of an import's events are a block that no other event is in, but for imports of before there were blocks.</summary>
    public IQueryable<UsageEvent> Corrections => db.UsageEvents.AsNoTracking().Where(usage => usage.CorrectsId >= first && usage.CorrectsId < first + UsageEvent.IdsOfBlock);

    public static async Task<ImportedEvents> OfAsync(CreditUsageDb db, UsageImport import, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(import);
        var first = import.FirstEventKey ?? await db.UsageEvents.Where(usage => usage.IntakeId == import.IntakeId).MinAsync(usage => (long?)usage.Id, cancellation) ?? 0;
        return new ImportedEvents(db, import.IntakeId!.Value, first);
    }

    /// <summary>The next events after a key, with their corrections.</summary>
    public async Task<IReadOnlyList<NetUsage>> PageAsync(long after, int most, CancellationToken cancellation)
    {
        var originals = await Originals.Where(usage => usage.Id > after).OrderBy(usage => usage.Id).Take(most).ToListAsync(cancellation);
        return await NetUsage.OfAsync(db, originals, cancellation);
    }

    /// <summary>What is left of them, by the month whose report would show it taken back.</summary>
    public async Task<IReadOnlyList<ReversedMonth>> LeftAsync(CancellationToken cancellation)
    {
        var months = new SortedDictionary<UsageMonth, ReversedMonth>();
        var closed = await db.ClosedMonthsAsync(cancellation);
        foreach (var group in await Originals.GroupBy(usage => usage.ReportMonth).Select(group => new { Month = group.Key, Events = group.Count(), Credits = group.Sum(usage => (long)usage.Credits), Pence = group.Sum(usage => usage.CostPence ?? 0), Unpriced = group.Count(usage => usage.CostPence == null) }).ToListAsync(cancellation))
            Add(group.Month, group.Events, group.Credits, group.Pence, group.Unpriced);
        var corrected = from correction in Corrections
                        join original in Originals on correction.CorrectsId equals original.Id
                        group correction by original.ReportMonth into month
                        select new { Month = month.Key, Reversals = month.Count(usage => usage.Correction == CorrectionKind.Reversal), Credits = month.Sum(usage => (long)usage.Credits), Pence = month.Sum(usage => usage.CostPence ?? 0), Unpriced = month.Count(usage => usage.Correction == CorrectionKind.Reversal && usage.CostPence == null) };
        foreach (var group in await corrected.ToListAsync(cancellation)) Add(group.Month, -group.Reversals, group.Credits, group.Pence, -group.Unpriced);
        return [.. months.Values.Where(month => month.Left.Events > 0)];

        void Add(UsageMonth month, int events, long credits, long pence, int unpriced)
        {
            var shown = closed.ReportMonth(month);
            var left = months.GetValueOrDefault(shown, new ReversedMonth(shown, PreviewSum.None)).Left;
            months[shown] = new ReversedMonth(shown, new PreviewSum(left.Events + events, left.Credits + credits, left.Pence + pence, left.Unpriced + unpriced));
        }
    }
}

/// <param name="Month">Whose report will show the corrections.</param>
public sealed record ReversedMonth(UsageMonth Month, PreviewSum Left);
