using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Ten wrong passwords, at whichever page, lock an account until the next 00:00 UTC, but for browsers that its user has signed in with, which have counts of their own (domain.md rule 10).</summary>
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
    TimeProvider clock,
    CreditUsageDb db,
    KnownBrowsers browsers,
    PasswordThrottle turns,
    AccountAudit audit)
    : UserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    /// <summary>Reads the database, since the user at hand may have been read before others guessed.</summary>
    public override async Task<bool> IsLockedOutAsync(AppUser user)
    {
        var now = clock.GetUtcNow();
        return await Row(user).AnyAsync(row => row.LockoutEnd > now) && await browsers.FindAsync(user) is null;
    }

    public override Task<IdentityResult> AccessFailedAsync(AppUser user) => CountAsync(user, AccountAudit.Anonymous);

    public override async Task<IdentityResult> ResetAccessFailedCountAsync(AppUser user)
    {
        if (await browsers.FindAsync(user) is { } known) await browsers.ForgetTriesAsync(known);
        else await Row(user).Where(row => row.AccessFailedCount > 0).ExecuteUpdateAsync(set => set.SetProperty(row => row.AccessFailedCount, 0));
        return IdentityResult.Success;
    }

    /// <summary>The page requires the old password, so wrong guesses there count as well.</summary>
    public override async Task<IdentityResult> ChangePasswordAsync(AppUser user, string currentPassword, string newPassword)
    {
        ArgumentNullException.ThrowIfNull(user);
        using var turn = await turns.EnterAsync(user.NormalizedEmail!);
        if (await IsLockedOutAsync(user)) return IdentityResult.Failed(ErrorDescriber.PasswordMismatch());
        var result = await base.ChangePasswordAsync(user, currentPassword, newPassword);
        if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch))) await CountAsync(user, user.Email!);
        if (!result.Succeeded) return result;
        await OwnPasswordAsync(user);
        await EndAccessAsync(user);
        await audit.AddAsync(user, user.Email!, AuditAction.User, "Password changed");
        return result;
    }

    public override async Task<IdentityResult> ResetPasswordAsync(AppUser user, string token, string newPassword)
    {
        var result = await base.ResetPasswordAsync(user, token, newPassword);
        if (!result.Succeeded) return result;
        await OwnPasswordAsync(user);
        await EndAccessAsync(user);
        return result;
    }

    /// <summary>A wrong password counts; a locked account has no right one.</summary>
    public async Task<bool> ConfirmPasswordAsync(AppUser user, string password)
    {
        ArgumentNullException.ThrowIfNull(user);
        using var turn = await turns.EnterAsync(user.NormalizedEmail!);
        if (await IsLockedOutAsync(user)) return false;
        if (await CheckPasswordAsync(user, password)) return true;
        await CountAsync(user, user.Email!);
        return false;
    }

    /// <summary>Where this is cut off, the user must choose once more.</summary>
    private async Task OwnPasswordAsync(AppUser user)
    {
        if (user.PasswordExpiresAt is null) return;
        user.PasswordExpiresAt = null;
        await UpdateUserAsync(user).ThrowIfFailedAsync();
    }

    /// <summary>What the old password opened.</summary>
    private async Task EndAccessAsync(AppUser user)
    {
        await db.EndSessionsAsync(user.Id, CancellationToken);
        await browsers.RevokeAsync(user.Id);
    }

    private async Task<IdentityResult> CountAsync(AppUser user, string actor)
    {
        var midnight = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        var most = Options.Lockout.MaxFailedAccessAttempts;
        var known = await browsers.FindAsync(user);
        await audit.InAsync(user, actor, async (db, log) =>
        {
            await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
            var count = known is null ? await AddTryAsync(db, user) : await AddTryAsync(db, known);
            await log.AddAsync(AuditAction.SignInFailed, user.Email!, $"Wrong password or code, {count} of {most}{(known is null ? "" : " in a browser used before")}", CancellationToken);
            if (count >= most)
            {
                await db.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.AccessFailedCount, 0).SetProperty(row => row.LockoutEnd, midnight));
                // From here on it is locked out as any other.
                await db.KnownBrowsers.Where(browser => browser.KeyHash == known).ExecuteDeleteAsync();
                await log.AddAsync(AuditAction.Lock, user.Email!, "Until the next 00:00 GMT", CancellationToken);
            }
            await transaction.CommitAsync();
        });
        return IdentityResult.Success;
    }

    /// <summary>Counts in one SQL statement, so that simultaneous guesses all count.</summary>
    private static async Task<int> AddTryAsync(CreditUsageDb db, AppUser user)
    {
        var row = db.Users.AsNoTracking().Where(row => row.Id == user.Id);
        await row.ExecuteUpdateAsync(set => set.SetProperty(row => row.AccessFailedCount, row => row.AccessFailedCount + 1));
        return await row.Select(row => row.AccessFailedCount).SingleAsync();
    }

    private static async Task<int> AddTryAsync(CreditUsageDb db, string knownBrowser)
    {
        var row = db.KnownBrowsers.AsNoTracking().Where(row => row.KeyHash == knownBrowser);
        await row.ExecuteUpdateAsync(set => set.SetProperty(row => row.WrongTries, row => row.WrongTries + 1));
        return await row.Select(row => row.WrongTries).SingleOrDefaultAsync();
    }

    private IQueryable<AppUser> Row(AppUser user) => db.Users.AsNoTracking().Where(row => row.Id == user.Id);
}

/// <summary>For changes that only a concurrent change can prevent.</summary>
public static class IdentityResults
{
    public static async Task ThrowIfFailedAsync(this Task<IdentityResult> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var result = await change;
        if (!result.Succeeded) throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }
}
