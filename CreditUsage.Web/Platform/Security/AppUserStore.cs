using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Stores nothing that signs anybody in: authenticator keys are encrypted, recovery codes hashed.</summary>
public sealed class AppUserStore(CreditUsageDb db, IDataProtectionProvider protection, IOptions<PasswordHasherOptions> hashing, TimeProvider clock, ILogger<AppUserStore> log)
    : UserStore<AppUser, IdentityRole, CreditUsageDb>(db)
{
    /// <summary>Identity's own names of the rows.</summary>
    internal const string InternalProvider = "[AspNetUserStore]", AuthenticatorKeyRow = "AuthenticatorKey", RecoveryCodesRow = "RecoveryCodes";

    public override Task SetAuthenticatorKeyAsync(AppUser user, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return base.SetAuthenticatorKeyAsync(user, StoredKey.Seal(protection, user.Id, key), cancellationToken);
    }

    /// <returns>Null also where the key cannot be read, which the log says.</returns>
    public override async Task<string?> GetAuthenticatorKeyAsync(AppUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (await base.GetAuthenticatorKeyAsync(user, cancellationToken) is not { Length: > 0 } kept) return null;
        if (StoredKey.Open(protection, user.Id, kept) is { } key) return key;
        log.LogError("The authenticator key of user {User} was encrypted with keys that are not there. Bring back the folder of the keys, or reset the user's two-factor sign-in", user.Id);
        return null;
    }

    public override Task ReplaceCodesAsync(AppUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        base.ReplaceCodesAsync(user, StoredCodes.Of(recoveryCodes, hashing.Value.IterationCount), cancellationToken);

    public override async Task<bool> RedeemCodeAsync(AppUser user, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var row = Context.UserTokens.AsNoTracking().Where(token => token.UserId == user.Id && token.LoginProvider == InternalProvider && token.Name == RecoveryCodesRow);
        // Anew where another code was redeemed meanwhile. Of two requests with the same code one finds it gone.
        while (await row.Select(token => token.Value).SingleOrDefaultAsync(cancellationToken) is { Length: > 0 } codes && StoredCodes.Without(codes, code) is { } rest)
            if (await row.Where(token => token.Value == codes).ExecuteUpdateAsync(set => set.SetProperty(token => token.Value, rest), cancellationToken) == 1) return true;
        return false;
    }

    /// <summary>However a password is set, it withdraws the links that would set another; invitations to clinics stay.</summary>
    public override async Task SetPasswordHashAsync(AppUser user, string? passwordHash, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        await base.SetPasswordHashAsync(user, passwordHash, cancellationToken);
        var links = await Context.PasswordLinks.Where(link => link.UserId == user.Id && link.InvitedTo == null && link.UsedAt == null && link.WithdrawnAt == null).ToListAsync(cancellationToken);
        // The one that is being used is among them until it is saved.
        foreach (var link in links.Where(link => link.UsedAt is null)) link.WithdrawnAt = clock.GetUtcNow();
    }
}

/// <summary>An authenticator's key as the database holds it.</summary>
internal static class StoredKey
{
    private const string Purpose = "CreditUsage.StoredAuthenticatorKey";

    /// <summary>No base32 text begins so.</summary>
    private const string Mark = "sealed:";

    public static bool IsSealed(string kept) => kept.StartsWith(Mark, StringComparison.Ordinal);

    public static string Seal(IDataProtectionProvider protection, string user, string key) => Mark + Protector(protection, user).Protect(key);

    /// <returns>Null where the keys are not those that it was sealed with.</returns>
    public static string? Open(IDataProtectionProvider protection, string user, string kept)
    {
        try
        {
            return IsSealed(kept) ? Protector(protection, user).Unprotect(kept[Mark.Length..]) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static IDataProtector Protector(IDataProtectionProvider protection, string user) => protection.CreateProtector(Purpose, user);
}
