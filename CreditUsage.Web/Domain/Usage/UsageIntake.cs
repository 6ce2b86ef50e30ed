namespace CreditUsage.Domain.Usage;

/// <summary>One file, call or night of charges that brought usage.</summary>
public sealed class UsageIntake : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required UsageSource Source { get; init; }

    public required DateTimeOffset RecordedAt { get; set; }

    /// <summary>An e-mail address, a key's name or the site itself, as named at that time.</summary>
    public required string RecordedBy { get; init; }

    public int Accepted { get; set; }

    /// <summary>Events that were already stored with the same content.</summary>
    public int Duplicates { get; set; }

    /// <summary>While an import is being stored: the block of event ids that nobody sees yet (docs/decisions/0021). Null once all of it is stored.</summary>
    public long? HiddenBlock { get; set; }

    /// <summary>Whether another writer took the place of a hidden event, so that the import must be checked again.</summary>
    public bool Disturbed { get; set; }

    /// <summary>Its place in the feed of changes, from 1 in the order of receipt; null until the feed is read after it was stored.</summary>
    public long? FeedPosition { get; set; }
}

public enum UsageSource
{
    Import = 1,

    Api = 2,

    /// <summary>A daily top-up that a schedule charged here.</summary>
    Charge = 3,

    Correction = 4,

    /// <summary>Recorded before sources were kept.</summary>
    Unknown = 5,

    /// <summary>Typed into a form here.</summary>
    Hand = 6,
}
