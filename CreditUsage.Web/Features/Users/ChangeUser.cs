using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Users;

/// <summary>Changes what somebody may do in the current clinic, in one transaction with its audit entry; other clinics of theirs are not touched. Returns why it was refused, or null when done.</summary>
public sealed class ChangeUser(CreditUsageDb db, OwnClinics clinics, FormerHome former, SwitchTwoFactor twoFactor, InvitationLinks links, AuditLog audit, TimeProvider clock)
{
    /// <summary>Whoever resets an account opens every clinic that it opens.</summary>
    public const string OfSeveralClinics = "This account opens another clinic too, so only its owner, or whoever runs the server, can change how it signs in.";

    private const string Yourself = "You cannot do this to your own account. Ask another Administrator.";
    private const string Last = "This is the last Administrator. Make someone else an Administrator first.";

    /// <summary>Ends their sessions here at once, whose claims have the role before.</summary>
    /// <param name="version">Of the role that the form showed.</param>
    /// <exception cref="SavedMeanwhileException">Somebody else has given them another role since; nothing has changed.</exception>
    public Task<string?> RoleAsync(Guid id, string role, string by, string? version, CancellationToken cancellation) => ChangeAsync(id, async (user, membership) =>
    {
        var before = membership.Role;
        if (before == role) return null;
        if (await RefusalAsync(user, membership, by, cancellation) is { } objection) return objection;
        FormVersion.Require(version, before);
        membership.Role = role;
        await SaveAsync(user, membership, cancellation);
        await audit.AddAsync(AuditAction.User, AddressOf(user, membership), $"Role changed from {before} to {role}", cancellation);
        return null;
    }, cancellation);

    /// <summary>Ends their sessions here at once, and withdraws a pending invitation.</summary>
    public Task<string?> DisableAsync(Guid id, string by, CancellationToken cancellation) => ChangeAsync(id, async (user, membership) =>
    {
        if (membership.DisabledAt is not null) return null;
        if (await RefusalAsync(user, membership, by, cancellation) is { } objection) return objection;
        membership.DisabledAt = clock.GetUtcNow();
        await WithdrawLinksAsync(user, cancellation);
        await SaveAsync(user, membership, cancellation);
        await audit.AddAsync(AuditAction.User, AddressOf(user, membership), "Disabled", cancellation);
        return null;
    }, cancellation);

    public Task<string?> EnableAsync(Guid id, CancellationToken cancellation) => ChangeAsync(id, async (user, membership) =>
    {
        if (membership.DisabledAt is null) return null;
        membership.DisabledAt = null;
        await SaveAsync(user, membership, cancellation);
        await audit.AddAsync(AuditAction.User, AddressOf(user, membership), "Enabled", cancellation);
        return null;
    }, cancellation);

    /// <summary>The account stays, and with it what it opens elsewhere.</summary>
    public Task<string?> RemoveAsync(Guid id, string by, CancellationToken cancellation) => ChangeAsync(id, async (user, membership) =>
    {
        if (await RefusalAsync(user, membership, by, cancellation) is { } objection) return objection;
        await WithdrawLinksAsync(user, cancellation);
        db.Remove(membership);
        await SaveAsync(user, null, cancellation);
        await audit.AddAsync(AuditAction.User, AddressOf(user, membership), "Removed from the clinic", cancellation);
        return null;
    }, cancellation);

    public Task<string?> UnlockAsync(Guid id, CancellationToken cancellation) => ChangeAsync(id, async (user, _) =>
    {
        if (await clinics.AnyElsewhereAsync(user.Id, cancellation)) return OfSeveralClinics;
        await UnlockAsync(user, "By an Administrator", cancellation);
        return null;
    }, cancellation);

    /// <summary>Needs a write transaction.</summary>
    public async Task UnlockAsync(AppUser user, string how, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (!(user.LockoutEnd > clock.GetUtcNow())) return;
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Unlock, user.Email!, how, cancellation);
    }

    /// <summary>For a lost phone and lost recovery codes; the password still counts.</summary>
    public Task<string?> ResetTwoFactorAsync(Guid id, string by, CancellationToken cancellation) => ChangeAsync(id, async (user, membership) =>
    {
        if (IsSame(user, by)) return Yourself;
        if (await clinics.AnyElsewhereAsync(user.Id, cancellation)) return OfSeveralClinics;
        if (!user.TwoFactorEnabled || membership.JoinedAt is null) return null;
        await twoFactor.ForgetAsync(user, "Two-factor sign-in reset by an Administrator", cancellation);
        return null;
    }, cancellation);

    /// <summary>Reads the user under the write lock.</summary>
    private async Task<string?> ChangeAsync(Guid id, Func<AppUser, Membership, Task<string?>> change, CancellationToken cancellation)
    {
        var key = id.ToString();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var membership = await db.Memberships.SingleAsync(membership => membership.UserId == key, cancellation);
        var objection = await change(await db.Users.SingleAsync(user => user.Id == key, cancellation), membership);
        if (objection is null) await transaction.CommitAsync(cancellation);
        return objection;
    }

    private async Task SaveAsync(AppUser user, Membership? membership, CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        await former.WriteAsync(user, membership);
        await db.EndSessionsAsync(user.Id, db.RequireSubscriptionId(), cancellation);
    }

    /// <summary>The invitation to this clinic, and where the account opens no other, links for its password.</summary>
    private async Task WithdrawLinksAsync(AppUser user, CancellationToken cancellation)
    {
        await links.WithdrawInvitationAsync(user, db.RequireSubscriptionId(), cancellation);
        if (!await clinics.AnyElsewhereAsync(user.Id, cancellation)) await links.WithdrawAsync(user, cancellation);
    }

    private async Task<string?> RefusalAsync(AppUser user, Membership membership, string by, CancellationToken cancellation)
    {
        if (IsSame(user, by)) return Yourself;
        if (membership.Role != Roles.Administrator) return null;
        return await db.Memberships.AnyAsync(other => other.UserId != user.Id && other.Role == Roles.Administrator && other.JoinedAt != null && other.DisabledAt == null, cancellation) ? null : Last;
    }

    private static string AddressOf(AppUser user, Membership membership) => membership is { JoinedAt: null, InvitedAs: { } address } ? address : user.Email!;

    private static bool IsSame(AppUser user, string by) => string.Equals(user.Email, by, StringComparison.OrdinalIgnoreCase);
}
