using CreditUsage.Domain.Credits;

namespace CreditUsage.Domain.Usage;

/// <param name="OccurredAt">UTC, whole milliseconds.</param>
/// <param name="Credits">Null where <see cref="CreditRule"/> decides.</param>
/// <param name="CostPence">Null where the credit price decides.</param>
public sealed record UsageRecord(
    string EventId,
    UsageKind Kind,
    DateTimeOffset OccurredAt,
    string StaffId,
    string StaffName,
    string? ClientId,
    string? ClientName,
    string Program,
    string? DeviceId,
    string? IdentityNote,
    int? DurationMinutes,
    int? Credits,
    long? CostPence)
{
    public DateOnly ServiceDate => DateOnly.FromDateTime(OccurredAt.UtcDateTime);

    public int CreditsDue =>
        Credits ?? (Kind == UsageKind.ConnectedSession ? CreditRule.ForSession(DurationMinutes ?? 0) : CreditRule.CreditsPerTopUp);
}

/// <summary>One event as received, unchecked. Fields are those of domain.md.</summary>
public sealed record UsageInput(
    string EventId,
    string Kind,
    string OccurredAt,
    string StaffId,
    string StaffName,
    string ClientId,
    string ClientName,
    string Program,
    string DeviceId,
    string IdentityNote,
    string DurationMinutes,
    string Credits,
    string CostGbp)
{
    public static readonly IReadOnlyList<string> Fields =
    [
        "event_id", "kind", "occurred_at", "staff_id", "staff_name", "client_id", "client_name", "program", "device_id",
        "identity_note", "duration_minutes", "credits", "cost_gbp",
    ];
}

public sealed record UsageFault(string Field, string Message);
