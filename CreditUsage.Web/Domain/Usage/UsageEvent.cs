using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Usage;

/// <summary>One connected session or one daily top-up: one row of the report. Never edited (domain.md rule 7).</summary>
public sealed class UsageEvent : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>What the metering system calls it; unique within the subscription (domain.md rule 6).</summary>
    public required string EventId { get; init; }

    public required UsageKind Kind { get; init; }

    /// <summary>The UTC day the event is dated by: the day a session started, the day a top-up was for (domain.md rule 2).</summary>
    public required DateOnly ServiceDate { get; init; }

    /// <summary>A session's start, or 00:00 UTC of a top-up's day; whole milliseconds.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The month whose report shows it: its own, or the next open one where its own was closed before it came in (domain.md rule 8).</summary>
    public required UsageMonth ReportMonth { get; init; }

    /// <summary>
    /// When the balance of credits fell by it: a session's start, the 00:00 UTC after a top-up's day (domain.md rule 2), or the moment
    /// it came in where its month was closed before.
    /// </summary>
    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>How it came in.</summary>
    public required int IntakeId { get; init; }

    public required int StaffMemberId { get; init; }

    /// <summary>Absent for a top-up of a shared card.</summary>
    public int? ClientId { get; init; }

    public required int ProgramId { get; init; }

    public int? TopUpDeviceId { get; init; }

    /// <summary>The device's ten digits as a number, beside its row, so that one device has one top-up a day whatever its note says.</summary>
    public long? DeviceNumber { get; init; }

    /// <summary>Minutes of a session; absent for a top-up, which lasts one day.</summary>
    public int? DurationMinutes { get; init; }

    public required int Credits { get; init; }

    /// <summary>Millionths of a pound for a credit; absent where the event stated its own cost or no price is valid.</summary>
    public long? UnitPriceMicros { get; init; }

    /// <summary>Pence; absent where no price is valid (domain.md rule 4).</summary>
    public long? CostPence { get; init; }

    /// <summary>Absent for usage itself. A correction's minutes, credits and cost are what it changes, and mostly negative (domain.md rule 7).</summary>
    public CorrectionKind? Correction { get; init; }

    /// <summary>The event that a correction puts right.</summary>
    public long? CorrectsId { get; init; }

    /// <summary>Why a correction was made.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a correction does to the event that it points at (domain.md rule 7).</summary>
public enum CorrectionKind
{
    /// <summary>Takes the whole event back.</summary>
    Reversal = 1,

    /// <summary>Changes its minutes, credits or cost.</summary>
    Adjustment = 2,
}
