using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

public sealed class CreateUser(CreditUsageDb db, UserManager<AppUser> users, RoleManager<IdentityRole> roles, AuditLog audit, TimeProvider clock)
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
        if (!await roles.RoleExistsAsync(role)) await roles.CreateAsync(new IdentityRole(role));
        await users.AddToRoleAsync(user, role);
        await audit.AddAsync(AuditAction.User, email, $"Created as {role}", CancellationToken.None);
        await transaction.CommitAsync();
        return [];
    }
}
