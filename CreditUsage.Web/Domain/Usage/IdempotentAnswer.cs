namespace CreditUsage.Domain.Usage;

/// <summary>The first answer to a call with an Idempotency-Key, written in the transaction of what it did.</summary>
public sealed class IdempotentAnswer : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Whose call it was: every key has its own namespace.</summary>
    public required int ApiKeyId { get; init; }

    /// <summary>The client's Idempotency-Key.</summary>
    public required string Key { get; init; }

    /// <summary>Of the request's body, lower-case hexadecimal.</summary>
    public required string BodySha256 { get; init; }

    public required int Status { get; init; }

    /// <summary>The answer's JSON.</summary>
    public required string Answer { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}
