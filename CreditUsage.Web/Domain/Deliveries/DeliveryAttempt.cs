namespace CreditUsage.Domain.Deliveries;

/// <summary>One try to hand a mail to the mail server, and what came of it. Only ever added to.</summary>
public sealed class DeliveryAttempt : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>The delivery; null for a test.</summary>
    public int? DeliveryId { get; init; }

    public required string Email { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the mail server took it.</summary>
    public required bool Sent { get; init; }

    /// <summary>What the mail server said, or what went wrong.</summary>
    public required string Outcome { get; init; }
}
