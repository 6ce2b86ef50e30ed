using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Domain.People;

/// <summary>Somebody who signs in. Belongs to one subscription and sees nothing of another.</summary>
public sealed class AppUser : IdentityUser
{
    public required int SubscriptionId { get; init; }

    /// <summary>Since when they may no longer sign in; null while they may.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
