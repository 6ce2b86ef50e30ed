namespace CreditUsage.Domain.Usage;

/// <summary>
/// Who initiated a session or set up a top-up, under the name that was recorded then. A new name for a known
/// <see cref="StaffId"/> is a new row, so that old events keep theirs (domain.md rule 5).
/// </summary>
public sealed class StaffMember : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string StaffId { get; init; }

    public required string Name { get; init; }
}
