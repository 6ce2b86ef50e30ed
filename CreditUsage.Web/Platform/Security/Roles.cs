using System.Globalization;
using System.Security.Claims;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Puts the subscription, and what must be done before anything else, into the session's claims.</summary>
public sealed class AppClaims(UserManager<AppUser> users, RoleManager<IdentityRole> roles, IOptions<IdentityOptions> options, CreditUsageDb db)
    : UserClaimsPrincipalFactory<AppUser, IdentityRole>(users, roles, options)
{
    public const string Subscription = "subscription";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(AppUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Subscription, user.SubscriptionId.ToString(CultureInfo.InvariantCulture)));
        if (await db.Subscriptions.AnyAsync(subscription => subscription.Id == user.SubscriptionId && subscription.RequiresTwoFactor))
            identity.AddClaim(new Claim(SecondFactor.Required, bool.TrueString));
        if (user.PasswordExpiresAt is not null) identity.AddClaim(new Claim(TemporaryPassword.Claim, bool.TrueString));
        return identity;
    }
}

public static class Roles
{
    public const string FinanceAdministrator = nameof(FinanceAdministrator);
    public const string Administrator = nameof(Administrator);

    /// <summary>Reads everything and changes nothing.</summary>
    public const string Auditor = nameof(Auditor);

    public static readonly IReadOnlyList<string> All = [FinanceAdministrator, Administrator, Auditor];

    /// <summary>Finance Administrators and Administrators: what leaves something behind, such as a saved report, an alert or an account code.</summary>
    public const string MayChange = nameof(MayChange);

    /// <summary>Administrators: users, API keys, prices, charging and reopening a month.</summary>
    public const string MayAdminister = nameof(MayAdminister);

    /// <summary>Administrators and Auditors.</summary>
    public const string MayAudit = nameof(MayAudit);
}
