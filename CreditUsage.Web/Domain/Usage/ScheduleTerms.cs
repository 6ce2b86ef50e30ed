namespace CreditUsage.Domain.Usage;

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
