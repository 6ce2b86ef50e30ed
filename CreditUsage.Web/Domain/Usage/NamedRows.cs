namespace CreditUsage.Domain.Usage;

/// <summary>Who initiated a session or set up a top-up. A new name is a new row, so that old events keep theirs (domain.md rule 5).</summary>
public sealed class StaffMember : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string StaffId { get; init; }

    public required string Name { get; init; }
}

/// <summary>Whom a program was targeted at. A new name is a new row (domain.md rule 5).</summary>
public sealed class Client : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string ClientId { get; init; }

    public required string Name { get; init; }
}

/// <summary>Such as "Trauma and PTSD". On screen it is a "program".</summary>
public sealed class TreatmentProgram : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string Name { get; init; }
}

/// <summary>A card that receives a program daily. A new identity note is a new row (domain.md rule 5).</summary>
public sealed class TopUpDevice : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string DeviceId { get; init; }

    /// <summary>Replaces the client on a card that several share. May be empty.</summary>
    public required string IdentityNote { get; init; }
}
