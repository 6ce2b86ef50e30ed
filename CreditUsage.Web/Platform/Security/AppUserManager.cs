using CreditUsage.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>
/// Ten wrong passwords lock an account until the next 00:00 UTC (domain.md rule 10), by the site's clock, at whichever page
/// they were typed.
/// </summary>
public sealed class AppUserManager(
    IUserStore<AppUser> store,
    IOptions<IdentityOptions> options,
    IPasswordHasher<AppUser> hasher,
    IEnumerable<IUserValidator<AppUser>> userValidators,
    IEnumerable<IPasswordValidator<AppUser>> passwordValidators,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILogger<UserManager<AppUser>> logger,
    TimeProvider clock)
    : UserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    private IUserLockoutStore<AppUser> Lockouts => (IUserLockoutStore<AppUser>)Store;

    public override async Task<bool> IsLockedOutAsync(AppUser user) =>
        await Lockouts.GetLockoutEndDateAsync(user, CancellationToken) is { } end && end > clock.GetUtcNow();

    public override async Task<IdentityResult> AccessFailedAsync(AppUser user)
    {
        if (await Lockouts.IncrementAccessFailedCountAsync(user, CancellationToken) >= Options.Lockout.MaxFailedAccessAttempts)
        {
            await Lockouts.SetLockoutEndDateAsync(user, new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero), CancellationToken);
            await Lockouts.ResetAccessFailedCountAsync(user, CancellationToken);
        }
        return await UpdateUserAsync(user);
    }

    /// <summary>The page that changes a password asks for the old one: guessing there counts as well.</summary>
    public override async Task<IdentityResult> ChangePasswordAsync(AppUser user, string currentPassword, string newPassword)
    {
        if (await IsLockedOutAsync(user)) return IdentityResult.Failed(ErrorDescriber.PasswordMismatch());
        var result = await base.ChangePasswordAsync(user, currentPassword, newPassword);
        if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch))) await AccessFailedAsync(user);
        return result;
    }
}
