using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace CreditUsage.Features.Deliveries;

/// <summary>
/// Tries a delivery once. The try is saved before the mail is handed over, so that an interrupted one is known and not repeated
/// automatically: it is better to ask whether a mail arrived than to send it twice.
/// </summary>
public sealed class SendDelivery(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <summary>Longer than any hand-over; the mail server's reply alone may take ten minutes. A try without an outcome by then was interrupted.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    /// <summary>The pause after each failure; after the last one the delivery is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(12), TimeSpan.FromHours(24)];

    private const string CutShort =
        "The site stopped while sending, so the mail may not have arrived. Ask the recipient, and try again if it did not.";

    /// <param name="handOver">Throws only on cancellation.</param>
    public async Task RunAsync(int id, Func<Task<MailOutcome>> handOver, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(handOver);
        if (await BeginAsync(id, cancellation) is not { } delivery) return;
        var outcome = await handOver();
        // Not cancellable: the mail has been sent even if the site stops now.
        await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
        await EndAsync(delivery, outcome, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Null where another run has the delivery, or where it was given up here.</summary>
    private async Task<Delivery?> BeginAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var delivery = await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.State == DeliveryState.Waiting && row.NextAttemptAt <= now, cancellation);
        if (delivery is null) return null;
        var cutShort = await db.DeliveryAttempts.CountAsync(attempt => attempt.DeliveryId == delivery.Id, cancellation) < delivery.Attempts;
        var obstacle = cutShort ? CutShort : await RefusalAsync(delivery, cancellation);
        if (!cutShort) delivery.Attempts++;
        delivery.NextAttemptAt = now + Lease;
        if (obstacle is not null) await EndAsync(delivery, new MailOutcome(Taken: false, ForGood: true, obstacle) { Known = !cutShort }, cancellation);
        else await KeepAsync(delivery, cancellation);
        await transaction.CommitAsync(cancellation);
        return obstacle is null ? delivery : null;
    }

    private async Task<string?> RefusalAsync(Delivery delivery, CancellationToken cancellation)
    {
        if (delivery.SavedReportId is null && !await db.MonthClosings.AnyAsync(closing => closing.Month == delivery.Month && closing.Version == delivery.Version && closing.ReopenedAt == null, cancellation))
            return $"{delivery.Month.Name} was reopened before this version was sent. The next version will be sent once the month is closed.";
        return await db.DeliveryRecipients.AnyAsync(person => person.Email == delivery.Email, cancellation) ? null : "The recipient was removed.";
    }

    private async Task EndAsync(Delivery delivery, MailOutcome outcome, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var givenUp = !outcome.Taken && (outcome.ForGood || delivery.Attempts > Pauses.Count);
        delivery.State = outcome.Taken ? DeliveryState.Sent : !outcome.Known ? DeliveryState.NotKnown : givenUp ? DeliveryState.GivenUp : DeliveryState.Waiting;
        delivery.NextAttemptAt = delivery.State == DeliveryState.Waiting ? now + Pauses[delivery.Attempts - 1] : null;
        delivery.EndedAt = delivery.State == DeliveryState.Waiting ? null : now;
        await KeepAsync(delivery, cancellation);
        db.Add(new DeliveryAttempt { SubscriptionId = delivery.SubscriptionId, DeliveryId = delivery.Id, Email = delivery.Email, At = now, Sent = outcome.Taken, Outcome = outcome.Message });
        await db.SaveChangesAsync(cancellation);
        if (delivery.State == DeliveryState.Waiting) return;
        await audit.AddAsync(
            AuditAction.Deliver, delivery.Month.Name,
            $"{delivery.What()} to {delivery.Email}: {(outcome.Taken ? "sent" : outcome.Known ? "given up" : "not known whether it was taken")} after {Display.Count(delivery.Attempts, "try", "tries")}", cancellation);
    }

    private Task<int> KeepAsync(Delivery delivery, CancellationToken cancellation) => db.Deliveries.Where(row => row.Id == delivery.Id).ExecuteUpdateAsync(
        set => set.SetProperty(row => row.State, delivery.State).SetProperty(row => row.Attempts, delivery.Attempts)
            .SetProperty(row => row.NextAttemptAt, delivery.NextAttemptAt).SetProperty(row => row.EndedAt, delivery.EndedAt), cancellation);
}

/// <summary>Sends a test only to a listed recipient or to the current user.</summary>
public sealed class SendTest(CreditUsageDb db, CurrentSubscription current, SendMail mail, AuditLog audit, TimeProvider clock)
{
    /// <param name="to">A recipient; null for the current user.</param>
    /// <returns>The address and the outcome; null where there is no such person.</returns>
    public async Task<(string Email, MailOutcome Outcome)?> RunAsync(int? to, CancellationToken cancellation)
    {
        var person = to is null ? null : await db.DeliveryRecipients.AsNoTracking().SingleOrDefaultAsync(person => person.Id == to, cancellation);
        if (to is not null && person is null) return null;
        var address = new MailboxAddress(person?.Name ?? "", person?.Email ?? current.Actor);
        var outcome = mail.IsSetUp ? await mail.SendOnceAsync(await ComposeAsync(address, cancellation), cancellation) : MailOutcome.Failed("Mail is not set up.");
        await LogAsync(address.Address, outcome, CancellationToken.None);
        return (address.Address, outcome);
    }

    private async Task<OutgoingMail> ComposeAsync(MailboxAddress to, CancellationToken cancellation)
    {
        var clinic = await db.Subscriptions.Where(subscription => subscription.Id == db.SubscriptionId).Select(subscription => subscription.Name).SingleAsync(cancellation);
        return new(to, "Credit Usage Report: test", $"This is a test. Closed months of {clinic} will reach you at this address.\n\n{mail.Link("/deliveries")}\n", []);
    }

    private async Task LogAsync(string email, MailOutcome outcome, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        db.Add(new DeliveryAttempt { SubscriptionId = db.RequireSubscriptionId(), Email = email, At = clock.GetUtcNow(), Sent = outcome.Taken, Outcome = outcome.Message });
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Deliver, "Test", $"To {email}: {(outcome.Taken ? "sent" : outcome.Known ? "not sent" : "not known whether it was taken")}", cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

/// <summary>Retries a delivery that was given up or whose outcome is unknown, with the next run.</summary>
public sealed class TryAgain(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    public async Task<bool> RunAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.Deliveries.SingleOrDefaultAsync(row => row.Id == id && (row.State == DeliveryState.GivenUp || row.State == DeliveryState.NotKnown), cancellation) is not { } delivery) return false;
        (delivery.State, delivery.NextAttemptAt, delivery.EndedAt) = (DeliveryState.Waiting, clock.GetUtcNow(), null);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Deliver, delivery.Month.Name, $"{delivery.What()} to {delivery.Email}: taken up again", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
