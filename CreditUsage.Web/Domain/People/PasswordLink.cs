namespace CreditUsage.Domain.People;

/// <summary>An invitation to a clinic, or a link with which an account's owner sets a password once. Read before the subscription is known, so no subscription owns it.</summary>
public sealed class PasswordLink
{
    /// <summary>SHA-256 of the token in the link, lower-case hexadecimal. The token has 256 random bits, so a plain hash is enough.</summary>
    public required string TokenHash { get; init; }

    public required string UserId { get; init; }

    /// <summary>The clinic that the link invites to; null for a link for a password alone.</summary>
    public int? InvitedTo { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When a newer link took its place, the account was disabled or its password changed.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }
}
