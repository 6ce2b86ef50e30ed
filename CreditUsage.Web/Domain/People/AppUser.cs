using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Domain.People;

/// <summary>Somebody who signs in. Belongs to one subscription and sees nothing of another.</summary>
public sealed class AppUser : IdentityUser
{
    public required int SubscriptionId { get; init; }

    /// <summary>Since when they may no longer sign in; null while they may.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

/// <summary>
/// One signed-in browser, kept on the server so that signing out ends it. Reached by the hash of a random key, before the
/// subscription is known, so it is not owned by one.
/// </summary>
public sealed class SignInSession
{
    /// <summary>SHA-256 of the key in the cookie, lower-case hexadecimal: reading the table gives nobody a session.</summary>
    public required string KeyHash { get; init; }

    /// <summary>Whose it is, so that disabling somebody ends their sessions.</summary>
    public required string UserId { get; init; }

    public required byte[] Ticket { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }
}
