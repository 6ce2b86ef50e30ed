using CreditUsage.Domain.Months;

namespace CreditUsage.Domain.Usage;

/// <summary>One connected session or one daily top-up: one row of the report. Never edited (domain.md rule 7).</summary>
public sealed class UsageEvent : IOwnedBySubscription
{
    /// <summary>Each import has a block of so many ids for itself.</summary>
    public const long IdsOfBlock = 1L << 24;

    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The id in the metering system, unique within the subscription (domain.md rule 6).</summary>
    public required string EventId { get; init; }

    public required UsageKind Kind { get; init; }

    /// <summary>UTC: the day a session started, the day a top-up was for (domain.md rule 2).</summary>
    public required DateOnly ServiceDate { get; init; }

    /// <summary>A session's start, or 00:00 UTC of a top-up's day; whole milliseconds.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Its own month, or the next open one where that was closed before (domain.md rule 8).</summary>
    public required UsageMonth ReportMonth { get; init; }

    /// <summary>When the balance fell: at a session's start, at 00:00 UTC after a top-up's day (domain.md rule 2), or on arrival where the month was closed.</summary>
    public required DateTimeOffset PostedAt { get; init; }

    public required int IntakeId { get; init; }

    public required int StaffMemberId { get; init; }

    public int? ClientId { get; init; }

    public required int ProgramId { get; init; }

    public int? TopUpDeviceId { get; init; }

    /// <summary>The device's ten digits, so that one device has one top-up a day whatever its note.</summary>
    public long? DeviceNumber { get; init; }

    /// <summary>0 for the first top-up of its device and day, 1 for the one that was recorded after that was reversed, and so on; 0 for a session.</summary>
    public int DayTurn { get; set; }

    /// <summary>Null for a top-up, which lasts one day.</summary>
    public int? DurationMinutes { get; init; }

    public required int Credits { get; init; }

    /// <summary>Millionths of a pound for a credit; null where the event stated its own cost or no price is valid.</summary>
    public long? UnitPriceMicros { get; init; }

    /// <summary>Null where no price is valid (domain.md rule 4).</summary>
    public long? CostPence { get; init; }

    /// <summary>Null for usage. A correction's minutes, credits and cost are differences, mostly negative (domain.md rule 7).</summary>
    public CorrectionKind? Correction { get; init; }

    public long? CorrectsId { get; init; }

    public string? Reason { get; init; }
}

public enum CorrectionKind
{
    Reversal = 1,
    Adjustment = 2,
}

public enum UsageKind
{
    ConnectedSession = 1,
    DailyTopUp = 2,
}

public static class UsageKinds
{
    public const string ConnectedSession = "connected-session";
    public const string DailyTopUp = "daily-top-up";

    public static string Code(this UsageKind kind) => kind == UsageKind.ConnectedSession ? ConnectedSession : DailyTopUp;

    public static string Label(this UsageKind kind) => kind == UsageKind.ConnectedSession ? "Connected session" : "Daily top-up";
}
