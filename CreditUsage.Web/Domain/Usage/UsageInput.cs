namespace CreditUsage.Domain.Usage;

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
