using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Core.People;

/// <summary>Takes an invitation to the clinic of this scope.</summary>
public sealed class JoinClinic(CreditUsageDb db, UserManager<AppUser> users, FormerHome former, InvitationLinks links, AuditLog audit, TimeProvider clock)
{
    /// <param name="newPassword">Of an account without one; null where whoever asks has shown that the account is theirs.</param>
    /// <param name="session">The key's hash of their session, which alone goes on.</param>
    /// <returns>A concurrency failure where the link has been used meanwhile.</returns>
    public async Task<IdentityResult> RunAsync(string code, string? newPassword, string? session, CancellationToken cancellation)
    {
        var (here, now) = (db.RequireSubscriptionId(), clock.GetUtcNow());
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var opened = await links.ReadAsync(code, cancellation);
        if (opened is not { User: { } user, Link: { } link } || opened.InvitedTo != here) return IdentityResult.Failed(users.ErrorDescriber.ConcurrencyFailure());
        link.UsedAt = now;
        if (newPassword is not null && await SetPasswordAsync(user, newPassword, here) is { Succeeded: false } refused) return refused;
        var membership = await db.Memberships.SingleAsync(membership => membership.UserId == user.Id, cancellation);
        (membership.JoinedAt, membership.EnteredAt) = (now, now);
        // From now on the account opens this clinic: no link or session that another clinic's Administrator may have goes on. A link that is being made fails, since the account's stamp is new.
        await links.WithdrawAsync(user, cancellation);
        await db.SignInSessions.Where(other => other.UserId == user.Id && other.KeyHash != session).ExecuteDeleteAsync(cancellation);
        await users.UpdateAsync(user).ThrowIfFailedAsync();
        await former.WriteAsync(user, membership);
        await audit.AddAsync(AuditAction.User, user.Email!, newPassword is null ? "Invitation taken" : "Invitation taken, password set", cancellation);
        await transaction.CommitAsync(cancellation);
        return IdentityResult.Success;
    }

    private async Task<IdentityResult> SetPasswordAsync(AppUser user, string password, int here)
    {
        if (user.PasswordHash is not null) return IdentityResult.Failed(users.ErrorDescriber.UserAlreadyHasPassword());
        user.EmailConfirmed = true;
        // A role in the clinic that made the account is taken by that clinic's own invitation alone.
        if (user.SubscriptionId != here) await users.RemoveFromRolesAsync(user, await users.GetRolesAsync(user)).ThrowIfFailedAsync();
        return await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), password);
    }
}
