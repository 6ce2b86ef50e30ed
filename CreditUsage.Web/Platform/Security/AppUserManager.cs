using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Ten wrong passwords, at whichever page, lock an account until the next 00:00 UTC (domain.md rule 10).</summary>
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
    PasswordThrottle turns,
    AccountAudit audit)
    : UserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    /// <summary>Reads the database, since the user at hand may have been read before others guessed.</summary>
    public override Task<bool> IsLockedOutAsync(AppUser user)
    {
        var now = clock.GetUtcNow();
        return Row(user).AnyAsync(row => row.LockoutEnd > now);
    }

    public override Task<IdentityResult> AccessFailedAsync(AppUser user) => CountAsync(user, AccountAudit.Anonymous);

    public override async Task<IdentityResult> ResetAccessFailedCountAsync(AppUser user)
    {
        await Row(user).Where(row => row.AccessFailedCount > 0).ExecuteUpdateAsync(set => set.SetProperty(row => row.AccessFailedCount, 0));
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
        if (result.Succeeded) await audit.AddAsync(user, user.Email!, AuditAction.User, "Password changed");
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

    /// <summary>Counts in one SQL statement, so that simultaneous guesses all count.</summary>
    private async Task<IdentityResult> CountAsync(AppUser user, string actor)
    {
        var midnight = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        var most = Options.Lockout.MaxFailedAccessAttempts;
        await audit.InAsync(user, actor, async (db, log) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var row = db.Users.AsNoTracking().Where(row => row.Id == user.Id);
            await row.ExecuteUpdateAsync(set => set.SetProperty(row => row.AccessFailedCount, row => row.AccessFailedCount + 1));
            var count = await row.Select(row => row.AccessFailedCount).SingleAsync();
            await log.AddAsync(AuditAction.SignInFailed, user.Email!, $"Wrong password or code, {count} of {most}", CancellationToken);
            if (count >= most)
            {
                await row.ExecuteUpdateAsync(set => set.SetProperty(row => row.AccessFailedCount, 0).SetProperty(row => row.LockoutEnd, midnight));
                await log.AddAsync(AuditAction.Lock, user.Email!, "Until the next 00:00 GMT", CancellationToken);
            }
            await transaction.CommitAsync();
        });
        return IdentityResult.Success;
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

/// <summary>One check at a time for an account, so that a burst of guesses cannot overtake its count, and no more at once than there are processors.</summary>
public sealed class PasswordThrottle : IDisposable
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Dispose the turn when the failure has been counted.</summary>
    /// <param name="account">An address, in capitals, known or not.</param>
    public async Task<IDisposable> EnterAsync(string account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var turn = _turns[(uint)string.GetHashCode(account, StringComparison.Ordinal) % _turns.Length];
        await turn.WaitAsync();
        return new Turn(turn);
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
