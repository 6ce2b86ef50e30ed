using System.Globalization;
using System.Security.Claims;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Puts one clinic, the role in it, and what must be done before anything else, into the session's claims.</summary>
public sealed class AppClaims(UserManager<AppUser> users, IOptions<IdentityOptions> options, OwnClinics clinics, ChosenClinic chosen)
    : UserClaimsPrincipalFactory<AppUser>(users, options)
{
    public const string Subscription = "subscription";

    /// <summary>Of sessions whose owner has other clinics too.</summary>
    private const string Several = "several-clinics";

    /// <summary>The clinic that a session is in; null for none.</summary>
    public static int? ClinicOf(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return int.TryParse(user.FindFirstValue(Subscription), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    public static bool HasSeveral(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.HasClaim(claim => claim.Type == Several);
    }

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(AppUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        var own = await clinics.OfAsync(user.Id);
        // A session whose clinic is closed to its owner leads into none; it ends with the membership.
        var inside = chosen.Of(user.Id) ?? (own is [var latest, ..] ? latest.Id : null);
        if (own.FirstOrDefault(clinic => clinic.Id == inside) is { } entered)
            identity.AddClaims([new(Subscription, entered.Id.ToString(CultureInfo.InvariantCulture)), new(Options.ClaimsIdentity.RoleClaimType, entered.Role)]);
        if (own.Count > 1) identity.AddClaim(new Claim(Several, bool.TrueString));
        // The strictest of them: from one clinic the others are a click away.
        if (own.Any(clinic => clinic.RequiresTwoFactor)) identity.AddClaim(new Claim(SecondFactor.Required, bool.TrueString));
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
