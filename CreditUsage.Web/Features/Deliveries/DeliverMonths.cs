using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Platform;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

/// <summary>
/// Delivers for the current subscription: enters a delivery for each person and version of a month that is due, then tries those whose
/// time has come. It may run as often as it likes and twice at once: a person has one delivery of a version, and a try is begun once.
/// </summary>
public sealed class DeliverMonths(CreditUsageDb db, DueMonths dueMonths, MakeLetter makeLetter, SendDelivery sendDelivery, SendMail mail, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (await db.DeliverySchedules.AsNoTracking().SingleOrDefaultAsync(schedule => schedule.Enabled, cancellation) is not { } schedule) return;
        await EnterAsync(schedule, cancellation);
        var now = clock.GetUtcNow();
        var due = await db.Deliveries.AsNoTracking().Where(delivery => delivery.State == DeliveryState.Waiting && delivery.NextAttemptAt <= now)
            .OrderBy(delivery => delivery.Id).ToListAsync(cancellation);
        foreach (var version in due.GroupBy(delivery => (delivery.Month, delivery.Version))) await SendAsync([.. version], schedule.AsLink, cancellation);
    }

    private async Task EnterAsync(DeliverySchedule schedule, CancellationToken cancellation)
    {
        if ((await dueMonths.ListAsync(schedule, cancellation)).All(month => month.Lacking.Count == 0)) return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Read again, now that nobody else can write.
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

    /// <summary>One letter for everybody who gets the same version.</summary>
    private async Task SendAsync(IReadOnlyList<Delivery> deliveries, bool asLink, CancellationToken cancellation)
    {
        Letter? letter = null;
        var problem = "";
        try
        {
            letter = await makeLetter.RunAsync(deliveries[0].Month, deliveries[0].Version, asLink, cancellation);
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
