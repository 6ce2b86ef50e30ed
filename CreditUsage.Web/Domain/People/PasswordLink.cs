namespace CreditUsage.Domain.People;

/// <summary>Lets an account's owner set a password once: an invitation, or a link for a forgotten password. Read before the subscription is known, so no subscription owns it.</summary>
public sealed class PasswordLink
{
    /// <summary>SHA-256 of the token in the link, lower-case hexadecimal. The token has 256 random bits, so a plain hash is enough.</summary>
    public required string TokenHash { get; init; }

    public required string UserId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When a newer link took its place, the account was disabled or its password changed.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }
}
