using CreditUsage.Core.Closing;
using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Months;

public sealed class MonthsQuery(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>From the subscription's start to the month in progress, latest first.</summary>
    public async Task<MonthList> AllAsync(CancellationToken cancellation)
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
        return new(lines, calendar.Closed, KeptTotals.Difference(calendar.Closed.Closings, month => totals.TryGetValue(month, out var found)
            ? new(found.Events, found.Corrections, found.Credits, found.Unpriced == 0 ? found.CostPence : null)
            : new(0, 0, 0, 0)));
    }

    /// <summary>Null before the subscription's start and for a future month.</summary>
    public async Task<MonthFacts?> FindAsync(UsageMonth month, CancellationToken cancellation)
    {
        var facts = await MonthFacts.LoadAsync(db, month, clock.GetUtcNow(), cancellation);
        return facts.Calendar.Months.Refusal(month) is null ? facts : null;
    }

    /// <summary>What is dated in a month but not in that version of it: usage, then ledger entries, each in the order of recording.</summary>
    public async Task<IReadOnlyList<LateChange>> ChangedSinceAsync(MonthClosing closing, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closing);
        var found = await LateUsage(closing).Concat(LateEntries(closing)).OrderBy(row => row.OfLedger).ThenBy(row => row.Id).ToListAsync(cancellation);
        return found.ConvertAll(LateChange.Of);
    }

    private IQueryable<LateRow> LateUsage(MonthClosing closing)
    {
        var (start, end) = (closing.Month.Start, closing.Month.End);
        return from usage in db.UsageEvents
               where usage.ReportMonth >= closing.Month && usage.ServiceDate >= start && usage.ServiceDate < end
               join intake in db.UsageIntakes on usage.IntakeId equals intake.Id
               where usage.ReportMonth != closing.Month || intake.RecordedAt > closing.ClosedAt
               select new LateRow
               {
                   OfLedger = false,
                   Id = usage.Id,
                   Kind = (int)usage.Kind,
                   Name = usage.EventId,
                   Correction = usage.Correction == null ? null : usage.Reason ?? "",
                   ServiceDate = usage.ServiceDate,
                   ReportMonth = usage.ReportMonth,
                   Credits = usage.Credits,
                   Pence = usage.CostPence,
                   RecordedAt = intake.RecordedAt,
                   RecordedBy = intake.RecordedBy,
               };
    }

    private IQueryable<LateRow> LateEntries(MonthClosing closing)
    {
        var (start, end) = (closing.Month.Start, closing.Month.End);
        return from entry in db.LedgerEntries
               where entry.ReportMonth >= closing.Month && entry.ServiceDate >= start && entry.ServiceDate < end
               where entry.ReportMonth != closing.Month || entry.RecordedAt > closing.ClosedAt
               select new LateRow
               {
                   OfLedger = true,
                   Id = entry.Id,
                   Kind = (int)entry.Kind,
                   Name = entry.InvoiceNumber,
                   Correction = entry.Reason,
                   ServiceDate = entry.ServiceDate,
                   ReportMonth = entry.ReportMonth,
                   Credits = entry.Credits,
                   Pence = entry.PaidPence,
                   RecordedAt = entry.RecordedAt,
                   RecordedBy = entry.RecordedBy,
               };
    }
}

/// <param name="Difference">Which closed months do not add up to what was kept of them; null where all do.</param>
public sealed record MonthList(IReadOnlyList<MonthLine> Lines, ClosedMonths Closed, string? Difference);

/// <summary>An event, correction or ledger entry that was recorded after its month was closed.</summary>
/// <param name="EventId">Null for a ledger entry.</param>
public sealed record LateChange(string? EventId, string What, DateOnly ServiceDate, int Credits, long? Pence, UsageMonth ReportMonth, DateTimeOffset RecordedAt, string RecordedBy)
{
    internal static LateChange Of(LateRow row) => new(
        row.OfLedger ? null : row.Name, row.OfLedger ? OfEntry(row) : OfUsage(row), row.ServiceDate, row.Credits, row.Pence, row.ReportMonth, row.RecordedAt, row.RecordedBy);

    private static string OfUsage(LateRow row)
    {
        var kind = ((UsageKind)row.Kind).Label();
        return row.Correction is null ? kind : $"{kind}, correction: {row.Correction}";
    }

    private static string OfEntry(LateRow row)
    {
        var kind = $"Ledger: {((LedgerEntryKind)row.Kind).ToString().ToLowerInvariant()}";
        return row.Name is null ? kind : $"{kind}, invoice {row.Name}";
    }
}

internal sealed class LateRow
{
    public bool OfLedger { get; init; }

    public long Id { get; init; }

    /// <summary>A <see cref="UsageKind"/>, or a <see cref="LedgerEntryKind"/> of the ledger.</summary>
    public int Kind { get; init; }

    /// <summary>The event's id, or the entry's invoice number.</summary>
    public string? Name { get; init; }

    /// <summary>Why usage was corrected; null for uncorrected usage and for entries.</summary>
    public string? Correction { get; init; }

    public DateOnly ServiceDate { get; init; }

    public UsageMonth ReportMonth { get; init; }

    public int Credits { get; init; }

    public long? Pence { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }
}
