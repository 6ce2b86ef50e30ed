namespace CreditUsage.Domain.Credits;

/// <summary>A late or wrong price put right over some days: what the price list made of them is corrected event by event (domain.md rule 7).</summary>
public sealed class Repricing : IOwnedBySubscription
{
    public Guid Id { get; init; }

    public int SubscriptionId { get; init; }

    public required DateOnly FirstDay { get; init; }

    /// <summary>Included; null where there was no later price.</summary>
    public DateOnly? LastDay { get; set; }

    /// <summary>Millionths of a pound.</summary>
    public required long PriceMicros { get; init; }

    public required string Reason { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required RepricingState State { get; set; }

    public int Events { get; set; }

    public int EventsDone { get; set; }

    /// <summary>How many events got a correction.</summary>
    public int Corrected { get; set; }

    /// <summary>How many events without a cost got theirs.</summary>
    public int Priced { get; set; }

    /// <summary>What the corrections add to the cost.</summary>
    public long DifferencePence { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it failed; nothing has changed then.</summary>
    public string? Problem { get; set; }

    public bool Covers(DateOnly day) => day >= FirstDay && (LastDay is not { } last || day <= last);
}

/// <summary>The numbers are stored: they never change.</summary>
public enum RepricingState
{
    Running = 1,
    Done = 2,
    Failed = 3,
}
