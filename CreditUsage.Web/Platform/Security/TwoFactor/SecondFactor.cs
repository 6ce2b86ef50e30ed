using System.Security.Claims;

namespace CreditUsage.Platform.Security.TwoFactor;

/// <summary>What a session says of its second factor.</summary>
public static class SecondFactor
{
    /// <summary>The claim of sessions whose subscription requires two factors; looked up anew every minute.</summary>
    public const string Required = "second-factor-required";

    /// <summary>How somebody proved who they are, and its value for two factors (RFC 8176).</summary>
    public const string Method = "amr", Both = "mfa";

    public static bool IsMissing(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.HasClaim(claim => claim.Type == Required) && !user.HasClaim(Method, Both);
    }

    /// <summary>The minute's renewal of a session makes its claims anew and would lose how it was signed in.</summary>
    internal static Task KeepAsync(ClaimsPrincipal? before, ClaimsPrincipal? renewed)
    {
        if (before is not null) (renewed?.Identity as ClaimsIdentity)?.AddClaims(before.FindAll(Method));
        return Task.CompletedTask;
    }
}
