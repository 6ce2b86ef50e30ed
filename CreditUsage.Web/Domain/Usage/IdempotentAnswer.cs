namespace CreditUsage.Domain.Usage;

/// <summary>The first answer to a call with an Idempotency-Key, written in the transaction of its effect.</summary>
public sealed class IdempotentAnswer : IOwnedBySubscription
{
    public long Id { get; init; }

    public int SubscriptionId { get; init; }

    public required int ApiKeyId { get; init; }

    public required string Key { get; init; }

    public required string BodySha256 { get; init; }

    public required int Status { get; init; }

    public required string Answer { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}
