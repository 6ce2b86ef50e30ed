namespace CreditUsage.Domain.Usage;

/// <summary>Gives a device one top-up for each day from the first to the last.</summary>
public sealed class TopUpSchedule : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string DeviceId { get; init; }

    public required string Program { get; init; }

    public required string StaffId { get; init; }

    public required string StaffName { get; init; }

    /// <summary>Null for a card that several share.</summary>
    public string? ClientId { get; init; }

    public string? ClientName { get; init; }

    /// <summary>Replaces the client on a shared card. May be empty.</summary>
    public required string IdentityNote { get; init; }

    public required DateOnly FirstDay { get; init; }

    /// <summary>Inclusive. Ending the schedule brings it forward.</summary>
    public required DateOnly LastDay { get; set; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedBy { get; set; }
}

public sealed record ScheduleTerms(
    string DeviceId,
    string Program,
    string? ClientId,
    string? ClientName,
    string IdentityNote,
    string StaffId,
    string StaffName,
    DateOnly FirstDay,
    DateOnly LastDay)
{
    public TopUpSchedule Begin(int subscriptionId, DateTimeOffset at, string by) => new()
    {
        SubscriptionId = subscriptionId,
        DeviceId = DeviceId,
        Program = Program,
        ClientId = ClientId,
        ClientName = ClientName,
        IdentityNote = IdentityNote,
        StaffId = StaffId,
        StaffName = StaffName,
        FirstDay = FirstDay,
        LastDay = LastDay,
        RecordedAt = at,
        RecordedBy = by,
    };
}
