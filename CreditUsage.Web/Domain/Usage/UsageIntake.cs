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

/// <summary>Where usage comes from.</summary>
public enum UsageSource
{
    /// <summary>A file, by page or verb.</summary>
    Import = 1,

    Api = 2,

    /// <summary>A schedule's daily top-up that was charged here.</summary>
    Charge = 3,

    Correction = 4,

    /// <summary>Recorded before the way in was kept.</summary>
    Unknown = 5,
}
