namespace CreditUsage.Domain.Usage;

/// <summary>A device that receives a program daily, from a first day to a last one: one top-up for each of those days.</summary>
public sealed class TopUpSchedule : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Ten digits.</summary>
    public required string DeviceId { get; init; }

    public required string Program { get; init; }

    public required string StaffId { get; init; }

    public required string StaffName { get; init; }

    /// <summary>Absent for a card that several share.</summary>
    public string? ClientId { get; init; }

    public string? ClientName { get; init; }

    /// <summary>Stands in for the client of a shared card. May be empty.</summary>
    public required string IdentityNote { get; init; }

    public required DateOnly FirstDay { get; init; }

    /// <summary>Its last day. Ending a schedule brings it forward.</summary>
    public required DateOnly LastDay { get; set; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }

    /// <summary>When it was ended before its time; null where it was not.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedBy { get; set; }
}

/// <summary>A top-up schedule whose every field has been checked.</summary>
/// <param name="ClientId">Absent, with its name, for a card that several share.</param>
/// <param name="FirstDay">The first day that a top-up is for.</param>
/// <param name="LastDay">The last one, never before the first.</param>
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
    /// <summary>The schedule that is kept.</summary>
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
