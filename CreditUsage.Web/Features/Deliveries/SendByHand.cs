using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace CreditUsage.Features.Deliveries;

/// <summary>Has a closed month or a saved report mailed to the recipients now, or again.</summary>
public sealed class SendByHand(CreditUsageDb db, AuditLog audit, ISchedulerFactory schedulers, TimeProvider clock)
{
    /// <summary>Null where there is no such month in force, or no such report.</summary>
    public async Task<SentByHand?> FindAsync(UsageMonth? month, Guid? report, CancellationToken cancellation)
    {
        var found = report is null ? await OfMonthAsync(month, cancellation) : await OfReportAsync(report.Value, cancellation);
        if (found is null) return null;
        var people = await db.DeliveryRecipients.AsNoTracking().OrderBy(person => person.Name).ThenBy(person => person.Id).ToListAsync(cancellation);
        var deliveries = await Of(found).AsNoTracking().ToDictionaryAsync(delivery => delivery.Email, cancellation);
        return found with { People = [.. people.Select(person => (person, deliveries.GetValueOrDefault(person.Email)))] };
    }

    /// <param name="to">A recipient; null for all of them.</param>
    /// <returns>How many it goes to.</returns>
    /// <exception cref="UserFacingException">There is nobody to send it to.</exception>
    public async Task<int> RunAsync(SentByHand what, int? to, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(what);
        var now = clock.GetUtcNow();
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            var people = await db.DeliveryRecipients.AsNoTracking().Where(person => to == null || person.Id == to).OrderBy(person => person.Id).ToListAsync(cancellation);
            if (people.Count == 0) throw new UserFacingException(to is null ? "There are no recipients yet. Add one first." : "This recipient was removed. Choose another.");
            var known = await Of(what).ToDictionaryAsync(delivery => delivery.Email, cancellation);
            foreach (var person in people)
                if (known.GetValueOrDefault(person.Email) is { } delivery) await AgainAsync(delivery, now, cancellation);
                else db.Add(Row(what, person, now));
            await db.SaveChangesAsync(cancellation);
            await audit.AddAsync(AuditAction.Deliver, what.Month.Name, $"{what.Label}: {(people.Count == 1 ? $"to {people[0].Email}" : $"to {people.Count} recipients")} by hand", cancellation);
            await transaction.CommitAsync(cancellation);
            to = people.Count;
        }
        await (await schedulers.GetScheduler(CancellationToken.None)).TriggerJob(DeliverMonthsJob.Key, CancellationToken.None);
        return to.Value;
    }

    /// <summary>One that is being sent is left alone: what interrupts it looks like a stop of the site.</summary>
    private async Task AgainAsync(Delivery delivery, DateTimeOffset now, CancellationToken cancellation)
    {
        delivery.ByHand = true;
        if (delivery.State == DeliveryState.Waiting && await db.DeliveryAttempts.CountAsync(attempt => attempt.DeliveryId == delivery.Id, cancellation) < delivery.Attempts) return;
        (delivery.State, delivery.NextAttemptAt, delivery.EndedAt) = (DeliveryState.Waiting, now, null);
    }

    private Delivery Row(SentByHand what, DeliveryRecipient person, DateTimeOffset now) => new()
    {
        SubscriptionId = db.RequireSubscriptionId(),
        Month = what.Month,
        Version = what.Version,
        SavedReportId = what.Report,
        Name = person.Name,
        Email = person.Email,
        State = DeliveryState.Waiting,
        DueAt = now,
        NextAttemptAt = now,
        ByHand = true,
    };

    private IQueryable<Delivery> Of(SentByHand what) => what.Report is null
        ? db.Deliveries.Where(delivery => delivery.SavedReportId == null && delivery.Month == what.Month && delivery.Version == what.Version)
        : db.Deliveries.Where(delivery => delivery.SavedReportId == what.Report);

    private async Task<SentByHand?> OfMonthAsync(UsageMonth? month, CancellationToken cancellation) =>
        month is { } known && (await db.ClosedMonthsAsync(cancellation)).Find(known) is { } closing ? new(known, closing.Version, null, $"v{closing.Version}") : null;

    private async Task<SentByHand?> OfReportAsync(Guid id, CancellationToken cancellation) =>
        await db.SavedReports.AsNoTracking().SingleOrDefaultAsync(report => report.Id == id && report.RemovedAt == null, cancellation) is { } report
            ? new(UsageMonth.Of(report.MonthStart), report.Number, id, $"report {report.Number}") : null;
}

/// <param name="Version">Of the month; of a report, its number.</param>
/// <param name="Report">Null for a month.</param>
public sealed record SentByHand(UsageMonth Month, int Version, Guid? Report, string Label)
{
    /// <summary>The recipients, each with the last delivery of this; null where there was none.</summary>
    public IReadOnlyList<(DeliveryRecipient Person, Delivery? Last)> People { get; init; } = [];

    public bool WasSent => People.Any(one => one.Last is not null);

    public string Title => Report is null ? $"{Month.Name}, version {Version}" : $"{Month.Name}, report {Version}";
}

internal static class DeliveryLabels
{
    /// <summary>"v2", "report 12".</summary>
    public static string What(this Delivery delivery) => delivery.SavedReportId is null ? $"v{delivery.Version}" : $"report {delivery.Version}";

    public static string Outcome(this Delivery? delivery) => delivery?.State switch
    {
        null => "Not sent yet",
        DeliveryState.Sent => $"Sent {Display.Moment(delivery.EndedAt!.Value)}",
        DeliveryState.GivenUp => $"Failed {Display.Moment(delivery.EndedAt!.Value)}",
        DeliveryState.NotKnown => $"May not have arrived, {Display.Moment(delivery.EndedAt!.Value)}",
        _ => "Being sent",
    };
}
