using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.Identity;

namespace CreditUsage.Platform.Security;

/// <summary>Makes a user of the current subscription.</summary>
public sealed class CreateUser(CreditUsageDb db, UserManager<AppUser> users, RoleManager<IdentityRole> roles, AuditLog audit)
{
    /// <summary>Characters that nobody mistakes for another.</summary>
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>20 characters, about 115 bits.</summary>
    public static string GeneratePassword() => RandomNumberGenerator.GetString(Alphabet, 20);

    /// <returns>What is wrong with the address or the password, in sentences; empty when the user was made.</returns>
    /// <param name="role">One of the site's roles; made when it is the first of its kind.</param>
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
