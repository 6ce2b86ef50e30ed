using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <summary>An event as the month's index holds it, with ids for names.</summary>
/// <param name="CorrectsEventId">What a correction puts right, and beside it the reason: of corrections alone, since the index has neither.</param>
internal sealed record FoundUsage(
    string EventId,
    UsageKind Kind,
    DateOnly ServiceDate,
    DateTimeOffset OccurredAt,
    int StaffId,
    int? ClientId,
    int ProgramId,
    int? DeviceId,
    int? DurationMinutes,
    int Credits,
    long? UnitPriceMicros,
    long? CostPence,
    CorrectionKind? Correction,
    string? CorrectsEventId,
    string? Reason)
{
    /// <summary>Some events in the report's own order. The few corrections that there are look up what the index does not have.</summary>
    public static IQueryable<FoundUsage> InOrder(CreditUsageDb db, IQueryable<UsageEvent> events) => events
        .OrderBy(usage => usage.ServiceDate).ThenBy(usage => usage.OccurredAt).ThenBy(usage => usage.EventId)
        .Select(usage => new FoundUsage(
            usage.EventId, usage.Kind, usage.ServiceDate, usage.OccurredAt, usage.StaffMemberId, usage.ClientId, usage.ProgramId,
            usage.TopUpDeviceId, usage.DurationMinutes, usage.Credits, usage.UnitPriceMicros, usage.CostPence, usage.Correction,
            usage.Correction == null ? null : db.UsageEvents.Where(known => known.EventId == usage.EventId)
                .Join(db.UsageEvents, known => known.CorrectsId, original => original.Id, (known, original) => original.EventId).FirstOrDefault(),
            usage.Correction == null ? null : db.UsageEvents.Where(known => known.EventId == usage.EventId).Select(known => known.Reason).FirstOrDefault()));

    /// <summary>Events later in that order than one that was shown; none when there is no such event.</summary>
    public static async Task<IQueryable<UsageEvent>> AfterAsync(IQueryable<UsageEvent> events, string eventId, CancellationToken cancellation)
    {
        if (await events.SingleOrDefaultAsync(usage => usage.EventId == eventId, cancellation) is not { } last) return events.Where(usage => false);
        return events.Where(usage => usage.ServiceDate >= last.ServiceDate && (usage.ServiceDate > last.ServiceDate || usage.OccurredAt > last.OccurredAt
            || (usage.OccurredAt == last.OccurredAt && string.Compare(usage.EventId, last.EventId) > 0)));
    }
}
