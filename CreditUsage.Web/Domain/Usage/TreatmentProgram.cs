namespace CreditUsage.Domain.Usage;

/// <summary>What was run, such as "Trauma and PTSD". On screen it is a "program".</summary>
public sealed class TreatmentProgram : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string Name { get; init; }
}
