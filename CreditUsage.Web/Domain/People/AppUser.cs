using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Domain.People;

public sealed class AppUser : IdentityUser
{
    public required int SubscriptionId { get; init; }

    public DateTimeOffset? DisabledAt { get; set; }
}

/// <summary>One signed-in browser, kept on the server so that signing out ends it. Read before the subscription is known, so no subscription owns it.</summary>
public sealed class SignInSession
{
    /// <summary>SHA-256 of the key in the cookie, lower-case hexadecimal: reading the table gives nobody a session.</summary>
    public required string KeyHash { get; init; }

    public required string UserId { get; init; }

    public required byte[] Ticket { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }
}
