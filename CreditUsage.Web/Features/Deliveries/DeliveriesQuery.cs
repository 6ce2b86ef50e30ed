using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

public sealed class DeliveriesQuery(CreditUsageDb db, DueMonths dueMonths, SendMail mail, TimeProvider clock)
{
    public const int MaxLines = 100;
    private const int MaxTests = 5;

    public async Task<DeliveriesView> RunAsync(CancellationToken cancellation)
    {
        var schedule = await db.DeliverySchedules.AsNoTracking().SingleOrDefaultAsync(cancellation);
        var due = schedule is { Enabled: true } ? await dueMonths.ListAsync(schedule, cancellation) : [];
        return new(
            schedule,
            await db.DeliveryRecipients.AsNoTracking().OrderBy(person => person.Name).ThenBy(person => person.Id).ToListAsync(cancellation),
            mail.MissingSettings,
            schedule is { Enabled: true } ? Next(schedule) : null,
            due.Select(month => month.Waits).OfType<string>().ToList(),
            await LogAsync(cancellation),
            await db.DeliveryAttempts.AsNoTracking().Where(attempt => attempt.DeliveryId == null).OrderByDescending(attempt => attempt.Id).Take(MaxTests).ToListAsync(cancellation));
    }

    private string Next(DeliverySchedule schedule)
    {
        var month = schedule.FirstMonth;
        while (DueMonths.DueAt(schedule, month) <= clock.GetUtcNow()) month = month.Next;
        return $"{month.Name} is sent on {Display.Moment(DueMonths.DueAt(schedule, month))} if it is closed by then, or else as soon as it is.";
    }

    private async Task<List<DeliveryLine>> LogAsync(CancellationToken cancellation)
    {
        var deliveries = await db.Deliveries.AsNoTracking().OrderByDescending(delivery => delivery.Id).Take(MaxLines).ToListAsync(cancellation);
        var ids = deliveries.ConvertAll(delivery => (int?)delivery.Id);
        var tries = (await db.DeliveryAttempts.AsNoTracking().Where(attempt => ids.Contains(attempt.DeliveryId)).OrderBy(attempt => attempt.Id).ToListAsync(cancellation))
            .ToLookup(attempt => attempt.DeliveryId);
        return deliveries.ConvertAll(delivery => new DeliveryLine(delivery, [.. tries[delivery.Id]]));
    }
}

/// <param name="Schedule">Null until somebody has set it.</param>
/// <param name="Next">A sentence about the next delivery; null while deliveries are off.</param>
/// <param name="Waits">Why months that are due are not sent yet, each a sentence.</param>
public sealed record DeliveriesView(
    DeliverySchedule? Schedule, IReadOnlyList<DeliveryRecipient> People, IReadOnlyList<string> Missing, string? Next,
    IReadOnlyList<string> Waits, IReadOnlyList<DeliveryLine> Log, IReadOnlyList<DeliveryAttempt> Tests);

/// <summary>A delivery and its tries, the earliest first.</summary>
public sealed record DeliveryLine(Delivery Delivery, IReadOnlyList<DeliveryAttempt> Tries);

public sealed record DeliveryLog(IReadOnlyList<DeliveryLine> Lines, bool MayTryAgain);
