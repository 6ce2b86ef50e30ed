using CreditUsage.Core.Closing;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Months;

public sealed class MonthsQuery(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>From the subscription's start to the month in progress, latest first.</summary>
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
        // Both in one command, with the same columns.
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
