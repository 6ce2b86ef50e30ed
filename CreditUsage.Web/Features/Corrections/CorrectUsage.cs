using CreditUsage.Core.Intake;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Corrections;

/// <summary>Adds a signed row with a reason in the event's month, or in the next open one (domain.md rules 7 and 8). The event stays as it is.</summary>
public sealed class CorrectUsage(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    /// <summary>Takes back what is left of an event.</summary>
    /// <exception cref="UserFacingException">Nothing is left, or there is no such event; nothing has changed.</exception>
    public Task<UsageEvent> ReverseAsync(string eventId, string reason, CancellationToken cancellation) =>
        RunAsync(eventId, CorrectionKind.Reversal, reason, (net, _) => -net.Current, cancellation);

    /// <exception cref="UserFacingException">Nothing would change, there is no price, or there is no such event; nothing has changed.</exception>
    public Task<UsageEvent> AdjustAsync(string eventId, AdjustedUsage adjusted, string reason, CancellationToken cancellation) =>
        RunAsync(eventId, CorrectionKind.Adjustment, reason, (net, price) => adjusted.Of(net, price) - net.Current, cancellation);

    private async Task<UsageEvent> RunAsync(string eventId, CorrectionKind kind, string reason, Func<NetUsage, CreditPrice?, UsageFigures> change, CancellationToken cancellation)
    {
        // Joins the transaction of a step that does more.
        await using var transaction = db.Database.CurrentTransaction is null ? await db.BeginWriteAsync(cancellation) : null;
        var net = await NetUsage.FindAsync(db, eventId, cancellation) ?? throw new UserFacingException("There is no such event.");
        if (net.IsReversed) throw new UserFacingException("This event is already reversed.");
        // By the price list as it is: the day may have been repriced without changing this event's cost.
        var price = net.UnitPriceMicros is null ? null : CreditPrice.On(await db.CreditPrices.AsNoTracking().ToListAsync(cancellation), net.Original.ServiceDate);
        var changed = change(net, price);
        if (kind == CorrectionKind.Adjustment && changed == UsageFigures.Nothing) throw new UserFacingException("The event already has these figures.");
        var intake = new UsageIntake { SubscriptionId = net.Original.SubscriptionId, Source = UsageSource.Correction, RecordedAt = clock.GetUtcNow(), RecordedBy = current.Actor, Accepted = 1 };
        db.Add(intake);
        await db.SaveChangesAsync(cancellation);
        var month = (await db.ClosedMonthsAsync(cancellation)).ReportMonth(net.Original.ReportMonth);
        var left = net.Current + changed;
        var correction = kind == CorrectionKind.Adjustment && price is not null && price.CostPence(left.Credits) == left.CostPence
            ? net.Correction(price.PriceMicros, changed, intake, month, reason) : net.Correction(kind, changed, intake, month, reason);
        db.Add(correction);
        await db.SaveChangesAsync(cancellation);
        // Without the reason, which may name a client; it stands with the event.
        await audit.AddAsync(AuditAction.Correction, $"Event {eventId}", $"{kind}, {changed.Credits} credits, shown in {correction.ReportMonth.Name}", cancellation);
        if (transaction is not null) await transaction.CommitAsync(cancellation);
        return correction;
    }
}

/// <summary>
/// What an event should come to. An empty field keeps the current figure, unless it follows from another field: credits from
/// minutes, cost from credits (domain.md rules 3 and 4).
/// </summary>
/// <param name="Minutes">Ignored for a top-up.</param>
public sealed record AdjustedUsage(int? Minutes, int? Credits, long? CostPence)
{
    /// <exception cref="UserFacingException">There is no price to compute the cost from.</exception>
    /// <param name="price">Of the event's day by the price list; null where it stated its own cost.</param>
    public UsageFigures Of(NetUsage net, CreditPrice? price)
    {
        ArgumentNullException.ThrowIfNull(net);
        var (original, current) = (net.Original, net.Current);
        if (current.CostPence is null) throw new UserFacingException("The event has no cost yet, because no price is set for its day. Set the price first, then correct the event.");
        var typed = original.Kind == UsageKind.ConnectedSession ? Minutes : null;
        var credits = Credits ?? (typed is { } minutes ? CreditRule.ForSession(minutes) : current.Credits);
        return new(typed ?? current.Minutes, credits, CostPence ?? (credits == current.Credits ? current.CostPence : CostOf(net, price, credits)));
    }

    private static long CostOf(NetUsage net, CreditPrice? price, int credits) => net.UnitPriceMicros is { } micros
        ? (price ?? new CreditPrice { ValidFrom = net.Original.ServiceDate, PriceMicros = micros }).CostPence(credits)
        : throw new UserFacingException("This event had a cost set in the import. Enter the correct cost.");
}
