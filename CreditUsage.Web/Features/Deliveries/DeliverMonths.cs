using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

/// <summary>
/// Adds a delivery for each person and version of a month that is due, then tries those that are due, or that somebody has sent. Concurrent runs are safe: a
/// person has one delivery of a version, and only one run begins a try.
/// </summary>
public sealed class DeliverMonths(CreditUsageDb db, DueMonths dueMonths, ComposeDelivery makeLetter, SendDelivery sendDelivery, SendMail mail, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var schedule = await db.DeliverySchedules.AsNoTracking().SingleOrDefaultAsync(cancellation);
        var enabled = schedule is { Enabled: true };
        if (enabled) await EnterAsync(schedule!, cancellation);
        var now = clock.GetUtcNow();
        var due = await db.Deliveries.AsNoTracking().Where(delivery => delivery.State == DeliveryState.Waiting && delivery.NextAttemptAt <= now && (enabled || delivery.ByHand))
            .OrderBy(delivery => delivery.Id).ToListAsync(cancellation);
        foreach (var same in due.GroupBy(delivery => (delivery.Month, delivery.Version, delivery.SavedReportId))) await SendAsync([.. same], schedule is { AsLink: true }, cancellation);
    }

    private async Task EnterAsync(DeliverySchedule schedule, CancellationToken cancellation)
    {
        if ((await dueMonths.ListAsync(schedule, cancellation)).All(month => month.Lacking.Count == 0)) return;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        // Read again, because nobody else can write now.
        foreach (var month in (await dueMonths.ListAsync(schedule, cancellation)).Where(month => month is { Waits: null, Version: not null }))
            db.AddRange(month.Lacking.Select(person => Row(month, person)));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private Delivery Row(DueMonth month, DeliveryRecipient person) => new()
    {
        SubscriptionId = db.RequireSubscriptionId(),
        Month = month.Month,
        Version = month.Version!.Value,
        Name = person.Name,
        Email = person.Email,
        State = DeliveryState.Waiting,
        DueAt = month.DueAt,
        NextAttemptAt = clock.GetUtcNow(),
    };

    private async Task SendAsync(IReadOnlyList<Delivery> deliveries, bool asLink, CancellationToken cancellation)
    {
        DeliveryMail? letter = null;
        var problem = "";
        try
        {
            letter = deliveries[0].SavedReportId is { } report ? await makeLetter.OfReportAsync(report, asLink, cancellation)
                : await makeLetter.RunAsync(deliveries[0].Month, deliveries[0].Version, asLink, cancellation);
        }
        catch (UserFacingException missing)
        {
            problem = missing.Message;
        }
        foreach (var delivery in deliveries)
            await sendDelivery.RunAsync(
                delivery.Id, () => letter is null ? Task.FromResult(MailOutcome.Failed(problem)) : mail.DeliverAsync(letter.To(delivery.Name, delivery.Email), cancellation), cancellation);
    }
}

public sealed class DueMonths(CreditUsageDb db, TimeProvider clock)
{
    public static DateTimeOffset DueAt(DeliverySchedule schedule, UsageMonth month)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new(new DateOnly(month.Next.Year, month.Next.Month, schedule.Day), new TimeOnly(schedule.Hour, 0), TimeSpan.Zero);
    }

    /// <summary>Within a write transaction the result holds until the transaction ends.</summary>
    public async Task<IReadOnlyList<DueMonth>> ListAsync(DeliverySchedule schedule, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var closings = await db.MonthClosings.AsNoTracking().Where(closing => closing.ReopenedAt == null && closing.Month >= schedule.FirstMonth).ToDictionaryAsync(closing => closing.Month, cancellation);
        var people = await db.DeliveryRecipients.AsNoTracking().OrderBy(person => person.Id).ToListAsync(cancellation);
        var months = new List<DueMonth>();
        if (schedule.WhenClosed)
        {
            foreach (var closing in closings.Values.OrderBy(closing => closing.Month)) months.Add(await OfAsync(closing.Month, closing.ClosedAt, closing, people, cancellation));
            return months;
        }
        for (var month = schedule.FirstMonth; DueAt(schedule, month) <= clock.GetUtcNow(); month = month.Next)
            months.Add(await OfAsync(month, DueAt(schedule, month), closings.GetValueOrDefault(month), people, cancellation));
        return months;
    }

    private async Task<DueMonth> OfAsync(UsageMonth month, DateTimeOffset dueAt, MonthClosing? closing, List<DeliveryRecipient> people, CancellationToken cancellation)
    {
        if (closing is null) return new(month, dueAt, null, [], $"{month.Name} is not closed yet. It will be sent once it is.");
        var known = await db.Deliveries.Where(delivery => delivery.SavedReportId == null && delivery.Month == month && delivery.Version == closing.Version).Select(delivery => delivery.Email).ToListAsync(cancellation);
        // A person does not get what went out before they were added.
        var sentAt = closing.ClosedAt > dueAt ? closing.ClosedAt : dueAt;
        var lacking = people.Where(person => person.AddedAt <= sentAt && !known.Contains(person.Email)).ToList();
        var waits = lacking.Count > 0 && await ChargesAreMissingAsync(month, cancellation)
            ? $"{month.Name} will be sent once last night's top-ups are charged." : null;
        return new(month, dueAt, closing.Version, lacking, waits);
    }

    /// <summary>Only top-ups that are charged here delay a delivery: closing asks about imported ones.</summary>
    private async Task<bool> ChargesAreMissingAsync(UsageMonth month, CancellationToken cancellation)
    {
        var from = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.ChargesTopUpsFrom).SingleAsync(cancellation);
        return from is not null && (await MissingTopUps.OfMonthAsync(db, month, from, clock.GetUtcNow(), cancellation)).Count > 0;
    }
}

/// <param name="Version">Null while the month is not closed.</param>
/// <param name="Lacking">People who have no delivery of this version yet.</param>
/// <param name="Waits">Why it is not sent yet, as a sentence; null where nothing prevents it.</param>
public sealed record DueMonth(UsageMonth Month, DateTimeOffset DueAt, int? Version, IReadOnlyList<DeliveryRecipient> Lacking, string? Waits);
