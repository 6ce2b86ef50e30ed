namespace CreditUsage.Domain.Usage;

/// <summary>One occasion on which usage came in: a file, a call, a night's charges. Every event names the one that brought it.</summary>
public sealed class UsageIntake : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required UsageSource Source { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Who brought it, as they were called then: an e-mail address, a key's name, or the site itself.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>Events that it added.</summary>
    public int Accepted { get; set; }

    /// <summary>Events that were there before, with the same content.</summary>
    public int Duplicates { get; set; }
}
