using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Ledger;

/// <summary>Credits in hand in the two bases of domain.md rule 2, from the last closing that covers only what is asked for: closed months never change (rule 8).</summary>
public sealed class CreditBalance(CreditUsageDb db)
{
    private static readonly UsageMonth BeforeAll = new(1, 1);

    /// <summary>By service date: the closing balance of the month before.</summary>
    /// <param name="closed">Read in the same snapshot.</param>
    public async Task<long> BeforeAsync(ClosedMonths closed, UsageMonth month, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closed);
        var (last, credits) = closed.LatestBefore(month) ?? (BeforeAll, 0);
        return credits + await MovedAsync(
            db.LedgerEntries.Where(entry => entry.ReportMonth > last && entry.ReportMonth < month), db.UsageEvents.Where(usage => usage.ReportMonth > last && usage.ReportMonth < month), cancellation);
    }

    /// <summary>By posting instant: everything posted at or before an instant. Today's top-ups are posted at the next 00:00 UTC.</summary>
    public async Task<long> AvailableAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        // Everything in a closed month was posted when it was closed: the month was over, and its top-ups are posted at its end.
        var last = await db.MonthClosings.Where(closing => closing.ClosedAt <= at && closing.ReopenedAt == null).OrderByDescending(closing => closing.Month)
            .Select(closing => new { closing.Month, closing.ClosingCredits }).FirstOrDefaultAsync(cancellation);
        return (last?.ClosingCredits ?? 0) + await PostedAsync(last?.Month ?? BeforeAll, at, cancellation);
    }

    public async Task<long> AvailableAsync(ClosedMonths closed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closed);
        return closed.Credits + await PostedAsync(closed.Latest ?? BeforeAll, now, cancellation);
    }

    private Task<long> PostedAsync(UsageMonth closed, DateTimeOffset at, CancellationToken cancellation) => MovedAsync(
        db.LedgerEntries.Where(entry => entry.ReportMonth > closed && entry.PostedAt <= at), db.UsageEvents.Where(usage => usage.ReportMonth > closed && usage.PostedAt <= at), cancellation);

    private async Task<long> MovedAsync(IQueryable<LedgerEntry> entries, IQueryable<UsageEvent> events, CancellationToken cancellation)
    {
        var moved = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => new
        {
            Entered = entries.Sum(entry => (long)entry.Credits),
            Used = events.Sum(usage => (long)usage.Credits),
        }).SingleOrDefaultAsync(cancellation);
        return moved is null ? 0 : moved.Entered - moved.Used;
    }
}
