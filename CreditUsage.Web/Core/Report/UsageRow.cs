using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

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
