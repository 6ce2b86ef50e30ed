using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

/// <summary>Which months of the current subscription are due, and what each waits for.</summary>
public sealed class DueMonths(CreditUsageDb db, TimeProvider clock)
{
    /// <summary>When a month is sent: in the month after it.</summary>
    public static DateTimeOffset DueAt(DeliverySchedule schedule, UsageMonth month)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new(new DateOnly(month.Next.Year, month.Next.Month, schedule.Day), new TimeOnly(schedule.Hour, 0), TimeSpan.Zero);
    }

    /// <summary>Within a transaction for writing the answer holds until it ends.</summary>
    public async Task<IReadOnlyList<DueMonth>> ListAsync(DeliverySchedule schedule, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var closings = await db.MonthClosings.AsNoTracking().Where(closing => closing.ReopenedAt == null && closing.Month >= schedule.FirstMonth).ToDictionaryAsync(closing => closing.Month, cancellation);
        var people = await db.DeliveryRecipients.AsNoTracking().OrderBy(person => person.Id).ToListAsync(cancellation);
        var months = new List<DueMonth>();
        for (var month = schedule.FirstMonth; DueAt(schedule, month) <= clock.GetUtcNow(); month = month.Next)
            months.Add(await OfAsync(month, DueAt(schedule, month), closings.GetValueOrDefault(month), people, cancellation));
        return months;
    }

    private async Task<DueMonth> OfAsync(UsageMonth month, DateTimeOffset dueAt, MonthClosing? closing, List<DeliveryRecipient> people, CancellationToken cancellation)
    {
        if (closing is null) return new(month, dueAt, null, [], $"{month.Name} is not closed yet; it is sent when it is.");
        var known = await db.Deliveries.Where(delivery => delivery.Month == month && delivery.Version == closing.Version).Select(delivery => delivery.Email).ToListAsync(cancellation);
        // What went out before somebody was added is not sent after them.
        var sentAt = closing.ClosedAt > dueAt ? closing.ClosedAt : dueAt;
        var lacking = people.Where(person => person.AddedAt <= sentAt && !known.Contains(person.Email)).ToList();
        var waits = lacking.Count > 0 && await ChargesAreMissingAsync(month, cancellation)
            ? $"The night's daily top-ups of {month.Name} have not all been charged yet; it is sent when they have." : null;
        return new(month, dueAt, closing.Version, lacking, waits);
    }

    /// <summary>Top-ups that only come in from outside are nobody's to wait for: closing has asked about them.</summary>
    private async Task<bool> ChargesAreMissingAsync(UsageMonth month, CancellationToken cancellation)
    {
        var from = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.ChargesTopUpsFrom).SingleAsync(cancellation);
        return from is not null && (await MissingTopUps.OfMonthAsync(db, month, from, clock.GetUtcNow(), cancellation)).Count > 0;
    }
}
