using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Users;

/// <summary>Changes a user of the current subscription, in one transaction with its audit entry. Returns why it was refused, or null when done.</summary>
public sealed class ChangeUser(CreditUsageDb db, UserManager<AppUser> users, RoleManager<IdentityRole> roles, SwitchTwoFactor twoFactor, InvitationLinks links, AuditLog audit, TimeProvider clock)
{
    private const string Yourself = "You cannot do this to your own account. Ask another Administrator.";
    private const string Last = "This is the last Administrator. Make someone else an Administrator first.";

    /// <summary>Ends their sessions at once, whose claims have the role before.</summary>
    /// <param name="version">Of the role that the form showed.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has given them another role since; nothing has changed.</exception>
    public Task<string?> RoleAsync(Guid id, string role, string by, string? version, CancellationToken cancellation) => ChangeAsync(id, async user =>
    {
        var before = (await users.GetRolesAsync(user)).Single();
        if (before == role) return null;
        if (await RefusalAsync(user, by, cancellation) is { } objection) return objection;
        FormVersion.Require(version, before);
        if (!await roles.RoleExistsAsync(role)) await roles.CreateAsync(new IdentityRole(role)).ThrowIfFailedAsync();
        await users.RemoveFromRoleAsync(user, before).ThrowIfFailedAsync();
        await users.AddToRoleAsync(user, role).ThrowIfFailedAsync();
        await db.EndSessionsAsync(user.Id, cancellation);
        await audit.AddAsync(AuditAction.User, user.Email!, $"Role changed from {before} to {role}", cancellation);
        return null;
    }, cancellation);

    /// <summary>Ends their sessions at once, and withdraws a pending link.</summary>
    public Task<string?> DisableAsync(Guid id, string by, CancellationToken cancellation) => ChangeAsync(id, async user =>
    {
        if (user.DisabledAt is not null) return null;
        if (await RefusalAsync(user, by, cancellation) is { } objection) return objection;
        user.DisabledAt = clock.GetUtcNow();
        await users.UpdateSecurityStampAsync(user).ThrowIfFailedAsync();
        await links.WithdrawAsync(user, cancellation);
        await db.EndSessionsAsync(user.Id, cancellation);
        await audit.AddAsync(AuditAction.User, user.Email!, "Disabled", cancellation);
        return null;
    }, cancellation);

    public Task<string?> EnableAsync(Guid id, CancellationToken cancellation) => ChangeAsync(id, async user =>
    {
        if (user.DisabledAt is null) return null;
        user.DisabledAt = null;
        await users.UpdateAsync(user).ThrowIfFailedAsync();
        await audit.AddAsync(AuditAction.User, user.Email!, "Enabled", cancellation);
        return null;
    }, cancellation);

    public Task<string?> UnlockAsync(Guid id, string how, CancellationToken cancellation) => ChangeAsync(id, async user =>
    {
        if (!(user.LockoutEnd > clock.GetUtcNow())) return null;
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        await users.UpdateAsync(user).ThrowIfFailedAsync();
        await audit.AddAsync(AuditAction.Unlock, user.Email!, how, cancellation);
        return null;
    }, cancellation);

    /// <summary>For a lost phone and lost recovery codes; the password still counts.</summary>
    public Task<string?> ResetTwoFactorAsync(Guid id, string by, CancellationToken cancellation) => ChangeAsync(id, async user =>
    {
        if (!user.TwoFactorEnabled) return null;
        if (IsSame(user, by)) return Yourself;
        await twoFactor.ForgetAsync(user, "Two-factor sign-in reset by an Administrator", cancellation);
        return null;
    }, cancellation);

    /// <summary>Reads the user under the write lock.</summary>
    private async Task<string?> ChangeAsync(Guid id, Func<AppUser, Task<string?>> change, CancellationToken cancellation)
    {
        var (key, subscription) = (id.ToString(), db.RequireSubscriptionId());
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var user = await db.Users.SingleAsync(user => user.Id == key && user.SubscriptionId == subscription, cancellation);
        var objection = await change(user);
        if (objection is null) await transaction.CommitAsync(cancellation);
        return objection;
    }

    private async Task<string?> RefusalAsync(AppUser user, string by, CancellationToken cancellation)
    {
        if (IsSame(user, by)) return Yourself;
        if (!await users.IsInRoleAsync(user, Roles.Administrator)) return null;
        var subscription = db.RequireSubscriptionId();
        var others = from other in db.Users
                     where other.SubscriptionId == subscription && other.Id != user.Id && other.DisabledAt == null && other.PasswordHash != null
                     join membership in db.UserRoles on other.Id equals membership.UserId
                     join role in db.Roles on membership.RoleId equals role.Id
                     where role.Name == Roles.Administrator
                     select other;
        return await others.AnyAsync(cancellation) ? null : Last;
    }

    private static bool IsSame(AppUser user, string by) => string.Equals(user.Email, by, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Sets whether everybody in the subscription needs a second factor; their sessions follow within a minute.</summary>
public sealed class RequireTwoFactor(CreditUsageDb db, AuditLog audit)
{
    public Task<bool> IsOnAsync(CancellationToken cancellation)
    {
        var id = db.RequireSubscriptionId();
        return db.Subscriptions.AnyAsync(subscription => subscription.Id == id && subscription.RequiresTwoFactor, cancellation);
    }

    public async Task RunAsync(bool required, CancellationToken cancellation)
    {
        var id = db.RequireSubscriptionId();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var changed = await db.Subscriptions.Where(subscription => subscription.Id == id && subscription.RequiresTwoFactor != required)
            .ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.RequiresTwoFactor, required), cancellation);
        if (changed == 0) return;
        await audit.AddAsync(AuditAction.Setting, "Two-factor sign-in", required ? "Required of everybody" : "No longer required", cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
