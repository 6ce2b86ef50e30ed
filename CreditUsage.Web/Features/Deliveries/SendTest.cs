using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Platform.Mail;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace CreditUsage.Features.Deliveries;

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
        return new(to, "Test of the Credit Usage Report's delivery", $"This is a test. The closed months of {clinic} would reach you at this address.\n\n{mail.Link("/deliveries")}\n", []);
    }

    private async Task LogAsync(string email, MailOutcome outcome, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Add(new DeliveryAttempt { SubscriptionId = db.RequireSubscriptionId(), Email = email, At = clock.GetUtcNow(), Sent = outcome.Taken, Outcome = outcome.Message });
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Deliver, "Test", $"To {email}: {(outcome.Taken ? "sent" : outcome.Known ? "not sent" : "not known whether it was taken")}", cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

/// <summary>Retries a delivery that was given up or whose outcome is unknown, with the next run.</summary>
public sealed class TryAgain(CreditUsageDb db, AuditLog audit, TimeProvider clock)
{
    /// <returns>Whether it had ended without being sent.</returns>
    public async Task<bool> RunAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.Deliveries.SingleOrDefaultAsync(row => row.Id == id && (row.State == DeliveryState.GivenUp || row.State == DeliveryState.NotKnown), cancellation) is not { } delivery) return false;
        (delivery.State, delivery.NextAttemptAt, delivery.EndedAt) = (DeliveryState.Waiting, clock.GetUtcNow(), null);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Deliver, delivery.Month.Name, $"v{delivery.Version} to {delivery.Email}: taken up again", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
