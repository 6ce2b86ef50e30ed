using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>One usage event as the report shows it.</summary>
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
    /// <summary>The class that gives it its height on paper; null where one line will do, and on screen.</summary>
    public string? PaperClass { get; init; }

    /// <summary><see cref="KindAndMark"/> wrapped for paper; null elsewhere.</summary>
    public string? WrappedKind { get; init; }

    /// <summary>The row of the staff member's name in the database.</summary>
    public int StaffMemberId { get; init; }

    /// <summary>The row of the client's name in the database; null where there is none.</summary>
    public int? ClientId { get; init; }

    /// <summary>The row of the program in the database.</summary>
    public int ProgramId { get; init; }

    /// <summary>The row of the device in the database; null for a session.</summary>
    public int? TopUpDeviceId { get; init; }

    /// <summary>The group that it is in; null where rows are not grouped.</summary>
    public UsageGroup? Group { get; init; }

    /// <summary>Its place in the group, from 1; 0 where rows are not grouped.</summary>
    public int PlaceInGroup { get; init; }

    /// <summary>What it puts right; null for usage itself.</summary>
    public UsageCorrection? Correction { get; init; }

    /// <summary>The closed month that it belongs to, where it came in too late for it; null where it is of the report's own month.</summary>
    public UsageMonth? BelongsTo { get; init; }

    /// <summary>What a correction or a late event says beside its kind; null for the others.</summary>
    public string? Mark => (Correction, BelongsTo) switch
    {
        (null, null) => null,
        (null, { } late) => $"late for {late.Name}",
        ({ } correction, null) => $"correction of {correction.EventId}{correction.Because}",
        ({ } correction, { } late) => $"correction of {correction.EventId} of {late.Name}{correction.Because}",
    };

    /// <summary>"Connected session", with the mark where there is one.</summary>
    public string KindAndMark => Mark is null ? Kind.Label() : $"{Kind.Label()}, {Mark}";

    /// <summary>The client, or for a shared card its id and identity note.</summary>
    public string ClientOrCard => Client ?? $"{DeviceId} {IdentityNote}".TrimEnd();

    /// <summary>"25 minutes", or "1 day".</summary>
    public string Duration => (DurationMinutes, Correction?.Kind) switch
    {
        ({ } minutes, _) => Display.Count(minutes, "minute", "minutes"),
        (_, CorrectionKind.Reversal) => "-1 day",
        (_, CorrectionKind.Adjustment) => "",
        _ => "1 day",
    };

    /// <summary>What it shows in a column.</summary>
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

/// <summary>What a correction puts right.</summary>
/// <param name="EventId">The event that it points at.</param>
/// <param name="Reason">In the words of who corrected; empty in an accountant's copy.</param>
public sealed record UsageCorrection(CorrectionKind Kind, string EventId, string Reason)
{
    /// <summary>": wrong client", or nothing where the reason is left out.</summary>
    public string Because => Reason.Length == 0 ? "" : $": {Reason}";
}
