using CreditUsage.Domain;

namespace CreditUsage.Features.UsageReport;

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
    string? Reason);
