using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

public sealed class CreateUser(CreditUsageDb db, UserManager<AppUser> users, FormerHome former, InvitationLinks links, AuditLog audit, TimeProvider clock)
{
    /// <summary>Without characters that look alike.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>23 characters, 133 bits.</summary>
    public static string GeneratePassword() => RandomNumberGenerator.GetString(Alphabet, 23);

    /// <param name="isTemporary">The password lapses after a day, and its owner must choose another in that time.</param>
    /// <returns>Sentences that say what is wrong; empty when the user was made.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string email, string password, string role, bool isTemporary = false)
    {
        var user = new AppUser { UserName = email, Email = email, EmailConfirmed = true, SubscriptionId = db.RequireSubscriptionId(), PasswordExpiresAt = isTemporary ? TemporaryPassword.End(clock) : null };
        await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
        var made = await users.CreateAsync(user, password);
        if (!made.Succeeded) return [.. made.Errors.Where(error => error.Code != nameof(IdentityErrorDescriber.DuplicateUserName)).Select(error => error.Description)];
        await AddAsync(user, role, "Created");
        await transaction.CommitAsync();
        return [];
    }

    /// <summary>Gives somebody who has an account in another clinic a role in this one. The password stays.</summary>
    /// <returns>False where nobody has the address, or has a role here already.</returns>
    public async Task<bool> AddAsync(string email, string role, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await users.FindByEmailAsync(email) is not { } user || await db.Memberships.AnyAsync(membership => membership.UserId == user.Id, cancellation)) return false;
        // One that an Administrator of the other clinic has made would open this one too.
        await links.WithdrawAsync(user, cancellation);
        await AddAsync(user, role, "Added");
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task AddAsync(AppUser user, string role, string how)
    {
        var now = clock.GetUtcNow();
        var membership = new Membership { UserId = user.Id, SubscriptionId = db.RequireSubscriptionId(), Role = role, InvitedAt = now, JoinedAt = now };
        db.Add(membership);
        await db.SaveChangesAsync();
        await former.WriteAsync(user, membership);
        await audit.AddAsync(AuditAction.User, user.Email!, $"{how} as {role}", CancellationToken.None);
    }
}
