namespace CreditUsage.Domain.Usage;

/// <summary>One event as it came in, field by field, before anything is known to be right. Fields are those of domain.md.</summary>
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
    /// <summary>The names of the fields in files and messages, in order.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "event_id", "kind", "occurred_at", "staff_id", "staff_name", "client_id", "client_name", "program", "device_id",
        "identity_note", "duration_minutes", "credits", "cost_gbp",
    ];
}

/// <summary>What is wrong with one field of an event and what to do about it.</summary>
/// <param name="Field">As in <see cref="UsageInput.Fields"/>.</param>
/// <param name="Message">A sentence that says what to do.</param>
public sealed record UsageFault(string Field, string Message);
