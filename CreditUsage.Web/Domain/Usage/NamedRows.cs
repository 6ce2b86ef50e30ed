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

/// <summary>Whom a program was targeted at, under the name that was recorded then. A new name is a new row (domain.md rule 5).</summary>
public sealed class Client : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string ClientId { get; init; }

    public required string Name { get; init; }
}

/// <summary>What was run, such as "Trauma and PTSD". On screen it is a "program".</summary>
public sealed class TreatmentProgram : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string Name { get; init; }
}

/// <summary>A card that receives a program daily, with the identity note it had then. A new note is a new row (domain.md rule 5).</summary>
public sealed class TopUpDevice : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Ten digits.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Stands in for the client of a card that several share. May be empty.</summary>
    public required string IdentityNote { get; init; }
}
