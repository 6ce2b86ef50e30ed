using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

public sealed class CreateUser(CreditUsageDb db, UserManager<AppUser> users, RoleManager<IdentityRole> roles, AuditLog audit)
{
    /// <summary>Without characters that look alike.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>20 characters, about 115 bits.</summary>
    public static string GeneratePassword() => RandomNumberGenerator.GetString(Alphabet, 20);

    /// <returns>Sentences that say what is wrong; empty when the user was made.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string email, string password, string role)
    {
        var user = new AppUser { UserName = email, Email = email, EmailConfirmed = true, SubscriptionId = db.RequireSubscriptionId() };
        await using var transaction = await db.Database.BeginTransactionAsync();
        var made = await users.CreateAsync(user, password);
        if (!made.Succeeded) return [.. made.Errors.Where(error => error.Code != nameof(IdentityErrorDescriber.DuplicateUserName)).Select(error => error.Description)];
        if (!await roles.RoleExistsAsync(role)) await roles.CreateAsync(new IdentityRole(role));
        await users.AddToRoleAsync(user, role);
        await audit.AddAsync(AuditAction.User, email, $"Created as {role}", CancellationToken.None);
        await transaction.CommitAsync();
        return [];
    }
}
