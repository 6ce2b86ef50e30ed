namespace CreditUsage.Domain.Usage;

/// <summary>The first answer to a call with an Idempotency-Key, written in the transaction of its effect.</summary>
public sealed class IdempotentAnswer : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    /// <summary>Each API key has its own namespace.</summary>
    public required int ApiKeyId { get; init; }

    public required string Key { get; init; }

    /// <summary>Of the request's body, lower-case hexadecimal.</summary>
    public required string BodySha256 { get; init; }

    public required int Status { get; init; }

    /// <summary>JSON.</summary>
    public required string Answer { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}
