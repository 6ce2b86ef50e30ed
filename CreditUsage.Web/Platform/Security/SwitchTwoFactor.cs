using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

/// <summary>Switching it on or off ends every session of the user in the same transaction; the page gives its own a new key (<see cref="RenewSession"/>).</summary>
public sealed class SwitchTwoFactor(CreditUsageDb db, UserManager<AppUser> users, IUserStore<AppUser> store, AuditLog audit)
{
    private const int RecoveryCodes = 10;

    /// <param name="step">The step of the code that proved the key, which cannot be used again.</param>
    public async Task<IReadOnlyList<string>> OnAsync(AppUser user, string key, long step, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await ((IUserAuthenticatorKeyStore<AppUser>)store).SetAuthenticatorKeyAsync(user, key, cancellation);
        await AuthenticatorCodes.BeginAsync(users, user, step);
        await users.SetTwoFactorEnabledAsync(user, true).ThrowIfFailedAsync();
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes);
        await db.EndSessionsAsync(user.Id, cancellation);
        await audit.AddAsync(AuditAction.User, user.Email!, "Two-factor sign-in switched on", cancellation);
        await transaction.CommitAsync(cancellation);
        return [.. codes!];
    }

    /// <returns>The new recovery codes, which are shown only once; the old ones are void.</returns>
    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(AppUser user, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes);
        await audit.AddAsync(AuditAction.User, user.Email!, "New two-factor recovery codes made", cancellation);
        await transaction.CommitAsync(cancellation);
        return [.. codes!];
    }

    public async Task OffAsync(AppUser user, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await ForgetAsync(user, "Two-factor sign-in switched off", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Needs a write transaction.</summary>
    public async Task ForgetAsync(AppUser user, string detail, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await users.SetTwoFactorEnabledAsync(user, false).ThrowIfFailedAsync();
        await AuthenticatorCodes.ForgetAsync(users, user);
        await users.ResetAuthenticatorKeyAsync(user).ThrowIfFailedAsync();
        await ((IUserTwoFactorRecoveryCodeStore<AppUser>)store).ReplaceCodesAsync(user, [], cancellation);
        await users.UpdateAsync(user).ThrowIfFailedAsync();
        await db.EndSessionsAsync(user.Id, cancellation);
        await audit.AddAsync(AuditAction.User, user.Email!, detail, cancellation);
    }
}
