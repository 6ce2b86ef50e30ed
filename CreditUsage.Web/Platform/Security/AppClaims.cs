using System.Globalization;
using System.Security.Claims;
using CreditUsage.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Puts the user's subscription into the claims of the session.</summary>
public sealed class AppClaims(UserManager<AppUser> users, RoleManager<IdentityRole> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<AppUser, IdentityRole>(users, roles, options)
{
    public const string Subscription = "subscription";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(AppUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Subscription, user.SubscriptionId.ToString(CultureInfo.InvariantCulture)));
        return identity;
    }
}
