namespace CreditUsage.Domain.People;

/// <summary>What a person may do in one clinic. The account (<see cref="AppUser"/>) with its password is one for all clinics.</summary>
public sealed class Membership : IOwnedBySubscription
{
    public required string UserId { get; init; }

    public required int SubscriptionId { get; init; }

    public required string Role { get; set; }

    public required DateTimeOffset InvitedAt { get; init; }

    /// <summary>Null where a verb made it, or a version before memberships.</summary>
    public string? InvitedBy { get; init; }

    /// <summary>The address as the inviter wrote it, which is shown until the invitation is taken: that of an account that exists may be spelt otherwise.</summary>
    public string? InvitedAs { get; init; }

    /// <summary>Null until the invitation is taken.</summary>
    public DateTimeOffset? JoinedAt { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When its owner last joined or switched to it: a sign-in enters the latest.</summary>
    public DateTimeOffset? EnteredAt { get; set; }
}
