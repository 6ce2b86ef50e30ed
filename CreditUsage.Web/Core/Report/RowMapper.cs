using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

/// <param name="CorrectsEventId">This and the reason are there for corrections alone, since the index has neither.</param>
internal sealed record ReportRecord(
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
    /// <summary>In the report's own order. Only corrections look up what the index lacks.</summary>
    public static IQueryable<ReportRecord> InOrder(CreditUsageDb db, IQueryable<UsageEvent> events) => events
        .OrderBy(usage => usage.ServiceDate).ThenBy(usage => usage.OccurredAt).ThenBy(usage => usage.EventId)
        .Select(usage => new ReportRecord(
            usage.EventId, usage.Kind, usage.ServiceDate, usage.OccurredAt, usage.StaffMemberId, usage.ClientId, usage.ProgramId,
            usage.TopUpDeviceId, usage.DurationMinutes, usage.Credits, usage.UnitPriceMicros, usage.CostPence, usage.Correction,
            usage.Correction == null ? null : db.UsageEvents.Where(known => known.EventId == usage.EventId)
                .Join(db.UsageEvents, known => known.CorrectsId, original => original.Id, (known, original) => original.EventId).FirstOrDefault(),
            usage.Correction == null ? null : db.UsageEvents.Where(known => known.EventId == usage.EventId).Select(known => known.Reason).FirstOrDefault()));

    /// <summary>Events after one in that order; none when there is no such event.</summary>
    public static async Task<IQueryable<UsageEvent>> AfterAsync(IQueryable<UsageEvent> events, string eventId, CancellationToken cancellation)
    {
        if (await events.SingleOrDefaultAsync(usage => usage.EventId == eventId, cancellation) is not { } last) return events.Where(usage => false);
        return events.Where(usage => usage.ServiceDate >= last.ServiceDate && (usage.ServiceDate > last.ServiceDate || usage.OccurredAt > last.OccurredAt
            || (usage.OccurredAt == last.OccurredAt && string.Compare(usage.EventId, last.EventId) > 0)));
    }
}

internal sealed record RowMapper(ReportFilter Filter, NameDictionary Names)
{
    public UsageRow Row(ReportRecord found)
    {
        var device = Names.Of(NameKind.Device, found.DeviceId);
        return new UsageRow(
            found.EventId, found.Kind, found.ServiceDate, found.OccurredAt, Names.Of(NameKind.Staff, found.StaffId)!.Name, Names.Of(NameKind.Client, found.ClientId)?.Name,
            Names.Of(NameKind.Program, found.ProgramId)!.Name, device?.Owner, device?.Name, found.DurationMinutes, found.Credits, found.UnitPriceMicros, found.CostPence)
        {
            StaffMemberId = found.StaffId,
            ClientId = found.ClientId,
            ProgramId = found.ProgramId,
            TopUpDeviceId = found.DeviceId,
            Correction = found.Correction is { } kind ? new UsageCorrection(kind, found.CorrectsEventId!, Filter.ForAccountant ? "" : found.Reason ?? "") : null,
            BelongsTo = Filter.Month.Contains(found.ServiceDate) ? null : UsageMonth.Of(found.ServiceDate),
        };
    }
}
