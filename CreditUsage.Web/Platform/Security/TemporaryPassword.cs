using System.Security.Claims;
using CreditUsage.Domain.People;

namespace CreditUsage.Platform.Security;

/// <summary>A password that was made for somebody and that somebody else has seen: good for a day, in which another must be chosen.</summary>
public static class TemporaryPassword
{
    /// <summary>Where another is chosen.</summary>
    public const string ChangePage = "/Identity/Account/Manage/ChangePassword";

    public const string Lapsed = "This password was made for you and was good for 24 hours. Ask whoever gave it to you for another.";

    /// <summary>The claim of sessions that began with one.</summary>
    internal const string Claim = "temporary-password";

    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    public static DateTimeOffset End(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock.GetUtcNow() + GoodFor;
    }

    public static bool HasLapsed(AppUser user, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(clock);
        return user.PasswordExpiresAt <= clock.GetUtcNow();
    }

    public static bool IsOf(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.HasClaim(claim => claim.Type == Claim);
    }
}
