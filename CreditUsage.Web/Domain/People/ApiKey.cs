namespace CreditUsage.Domain.People;

public sealed class ApiKey : IOwnedBySubscription
{
    public int Id { get; init; }

    public int SubscriptionId { get; init; }

    public required string Name { get; init; }

    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole key, lower-case hexadecimal. The secret has 256 random bits, so a plain hash is enough.</summary>
    public required string SecretHash { get; init; }

    /// <summary>"usage:write" or "reports:read".</summary>
    public required string Scope { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>Precise to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public string? RevokedBy { get; set; }
}
