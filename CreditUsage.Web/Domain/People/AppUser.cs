using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Domain.People;

public sealed class AppUser : IdentityUser
{
    /// <summary>The clinic that the account was made in. What somebody may do in which clinic is in their memberships; this, Identity's role and <see cref="DisabledAt"/> are for the version before them.</summary>
    public required int SubscriptionId { get; init; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>UTC; set where the password was made for the user, who must choose another in that time. Null for one of their own.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; set; }
}

/// <summary>One signed-in browser, kept on the server so that signing out ends it. Read before the subscription is known, so no subscription owns it.</summary>
public sealed class SignInSession
{
    /// <summary>SHA-256 of the key in the cookie, lower-case hexadecimal: reading the table gives nobody a session.</summary>
    public required string KeyHash { get; init; }

    public required string UserId { get; init; }

    /// <summary>The clinic that it is in; null for one that a version before memberships began.</summary>
    public int? ClinicId { get; init; }

    public required byte[] Ticket { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Kept when the ticket is renewed, which is at most once a minute.</summary>
    public required DateTimeOffset LastUsedAt { get; set; }

    /// <summary>Such as "Firefox on Windows" (<see cref="BrowserName"/>).</summary>
    public required string Browser { get; init; }
}

/// <summary>A browser that its user has signed in with: wrong passwords from elsewhere do not lock it out (domain.md rule 10). Read before the subscription is known, so no subscription owns it.</summary>
public sealed class KnownBrowser
{
    /// <summary>SHA-256 of the key in its cookie, lower-case hexadecimal.</summary>
    public required string KeyHash { get; init; }

    public required string UserId { get; init; }

    /// <summary>In this browser, since the last right password.</summary>
    public int WrongTries { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
