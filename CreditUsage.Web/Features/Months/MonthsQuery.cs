using CreditUsage.Data;
using CreditUsage.Domain;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Months;

/// <summary>The months of a subscription with what they add up to, and what changed in one after it was closed.</summary>
public sealed class MonthsQuery(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>Every month from the subscription's start to the one in progress, the latest first.</summary>
    public async Task<IReadOnlyList<MonthLine>> AllAsync(CancellationToken cancellation)
    {
        var calendar = await MonthCalendar.LoadAsync(db, clock.GetUtcNow(), cancellation);
        var totals = await db.UsageEvents.GroupBy(usage => usage.ReportMonth).Select(month => new
        {
            month.Key,
            Events = month.Count(usage => usage.Correction == null),
            Corrections = month.Count(usage => usage.Correction != null),
            Credits = month.Sum(usage => (long)usage.Credits),
            CostPence = month.Sum(usage => usage.CostPence ?? 0),
            Unpriced = month.Count(usage => usage.CostPence == null),
        }).ToDictionaryAsync(month => month.Key, cancellation);
        var lines = new List<MonthLine>();
        foreach (var month in calendar.Months.All)
        {
            var state = calendar.StateOf(month);
            lines.Add(totals.TryGetValue(month, out var found)
                ? new MonthLine(month, state, found.Events, found.Corrections, found.Credits, found.Unpriced == 0 ? found.CostPence : null)
                : new MonthLine(month, state, 0, 0, 0, 0));
        }
        return lines;
    }

    /// <summary>Null where the subscription had not begun, or the month has not.</summary>
    public async Task<MonthFacts?> FindAsync(UsageMonth month, CancellationToken cancellation)
    {
        var facts = await MonthFacts.LoadAsync(db, month, clock.GetUtcNow(), cancellation);
        return facts.Calendar.Months.Refusal(month) is null ? facts : null;
    }

    /// <summary>What is dated in a month and was not in a version of it: late events and corrections, in the order they came in.</summary>
    public async Task<IReadOnlyList<LateUsage>> ChangedSinceAsync(MonthClosing closing, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closing);
        var (start, end) = (closing.Month.Start, closing.Month.End);
        return await (from usage in db.UsageEvents.AsNoTracking()
                      where usage.ReportMonth >= closing.Month && usage.ServiceDate >= start && usage.ServiceDate < end
                      join intake in db.UsageIntakes on usage.IntakeId equals intake.Id
                      where usage.ReportMonth != closing.Month || intake.RecordedAt > closing.ClosedAt
                      orderby usage.Id
                      select new LateUsage(usage.EventId, usage.Kind, usage.ServiceDate, usage.ReportMonth, usage.Credits, usage.CostPence, usage.Correction, usage.Reason, intake.RecordedAt, intake.RecordedBy))
            .ToListAsync(cancellation);
    }

    /// <summary>Ledger entries of the same kind.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> LedgerChangedSinceAsync(MonthClosing closing, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closing);
        var (start, end) = (closing.Month.Start, closing.Month.End);
        return await db.LedgerEntries.AsNoTracking().Where(entry => entry.ReportMonth >= closing.Month && entry.ServiceDate >= start && entry.ServiceDate < end
            && (entry.ReportMonth != closing.Month || entry.RecordedAt > closing.ClosedAt)).OrderBy(entry => entry.Id).ToListAsync(cancellation);
    }
}

/// <summary>A month in the list of months.</summary>
/// <param name="CostPence">Null where money is withheld.</param>
public sealed record MonthLine(UsageMonth Month, MonthState State, int Events, int Corrections, long Credits, long? CostPence);

/// <summary>An event that came in, or a correction that was made, after its month was closed.</summary>
/// <param name="ShownIn">The month whose report shows it.</param>
public sealed record LateUsage(
    string EventId,
    UsageKind Kind,
    DateOnly ServiceDate,
    UsageMonth ShownIn,
    int Credits,
    long? CostPence,
    CorrectionKind? Correction,
    string? Reason,
    DateTimeOffset RecordedAt,
    string RecordedBy)
{
    public string What => Correction is null ? Kind.Label() : $"{Kind.Label()}, correction: {Reason}";
}
