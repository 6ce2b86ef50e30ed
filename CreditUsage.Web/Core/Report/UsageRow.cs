using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.Report;

public sealed record UsageRow(
    string EventId,
    UsageKind Kind,
    DateOnly ServiceDate,
    DateTimeOffset OccurredAt,
    string Staff,
    string? Client,
    string Program,
    string? DeviceId,
    string? IdentityNote,
    int? DurationMinutes,
    int Credits,
    long? UnitPriceMicros,
    long? CostPence)
{
    /// <summary>Sets its height on paper; null for one line, and on screen.</summary>
    public string? PaperClass { get; init; }

    /// <summary><see cref="KindAndMark"/> wrapped for paper; null elsewhere.</summary>
    public string? WrappedKind { get; init; }

    /// <summary>The database row of the name, as for the ids below.</summary>
    public int StaffMemberId { get; init; }

    public int? ClientId { get; init; }

    public int ProgramId { get; init; }

    public int? TopUpDeviceId { get; init; }

    public UsageGroup? Group { get; init; }

    /// <summary>From 1; 0 where rows are not grouped.</summary>
    public int PlaceInGroup { get; init; }

    public UsageCorrection? Correction { get; init; }

    /// <summary>The closed month of a late event; null where it belongs to the report's own month.</summary>
    public UsageMonth? BelongsTo { get; init; }

    public string? Mark => (Correction, BelongsTo) switch
    {
        (null, null) => null,
        (null, { } late) => $"late for {late.Name}",
        ({ } correction, null) => $"correction of {correction.EventId}{correction.Because}",
        ({ } correction, { } late) => $"correction of {correction.EventId} of {late.Name}{correction.Because}",
    };

    public string KindAndMark => Mark is null ? Kind.Label() : $"{Kind.Label()}, {Mark}";

    public string ClientOrCard => Client ?? $"{DeviceId} {IdentityNote}".TrimEnd();

    public string Duration => (DurationMinutes, Correction?.Kind) switch
    {
        ({ } minutes, _) => Display.Count(minutes, "minute", "minutes"),
        (_, CorrectionKind.Reversal) => "-1 day",
        (_, CorrectionKind.Adjustment) => "",
        _ => "1 day",
    };

    public string Text(UsageColumn column) => column switch
    {
        UsageColumn.Date => Display.Day(ServiceDate),
        UsageColumn.Kind => WrappedKind ?? KindAndMark,
        UsageColumn.Staff => Staff,
        UsageColumn.Client => ClientOrCard,
        UsageColumn.Program => Program,
        UsageColumn.Duration => Duration,
        UsageColumn.Credits => Display.Number(Credits),
        _ => Display.Pounds(CostPence),
    };
}

/// <param name="Reason">As the corrector wrote it; empty in an accountant's copy.</param>
public sealed record UsageCorrection(CorrectionKind Kind, string EventId, string Reason)
{
    public string Because => Reason.Length == 0 ? "" : $": {Reason}";
}

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
            Correction = found.Correction is { } kind ? new UsageCorrection(kind, found.CorrectsEventId!, Filter.ForAccountant ? "" : ReasonOf(found)) : null,
            BelongsTo = Filter.Month.Contains(found.ServiceDate) ? null : UsageMonth.Of(found.ServiceDate),
        };
    }

    private string ReasonOf(ReportRecord found) => Filter.Edition?.Names.Text.Replace(found.Reason ?? "") ?? found.Reason ?? "";
}
