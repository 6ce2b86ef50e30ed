using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Codes of invitations and forgotten passwords: 256 random bits of which only the hash is stored, good for one password.</summary>
public sealed class InvitationLinks(CreditUsageDb db, TimeProvider clock)
{
    public static readonly TimeSpan InvitationGoodFor = TimeSpan.FromDays(3);
    public static readonly TimeSpan NewPasswordGoodFor = TimeSpan.FromHours(24);

    public const string Path = "/Identity/Account/AcceptInvitation";

    /// <summary>How codes of before began, which were made with the keys that copies of the database hold.</summary>
    private const string FormerCode = "CfDJ8";

    /// <summary>Withdraws the links before it.</summary>
    /// <returns>The path of the link, which nobody can read again.</returns>
    public async Task<string> MakeAsync(AppUser user, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await WithdrawAsync(user, cancellation);
        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var goodFor = user.PasswordHash is null ? InvitationGoodFor : NewPasswordGoodFor;
        db.Add(new PasswordLink { TokenHash = Hash(token), UserId = user.Id, ExpiresAt = clock.GetUtcNow() + goodFor });
        await db.SaveChangesAsync(cancellation);
        return $"{Path}?code={token}";
    }

    public async Task WithdrawAsync(AppUser user, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        var now = clock.GetUtcNow();
        await db.PasswordLinks.Where(link => link.UserId == user.Id && link.UsedAt == null && link.WithdrawnAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.WithdrawnAt, now), cancellation);
    }

    public async Task<(AppUser? User, InvitationState State)> ReadAsync(string? code, CancellationToken cancellation)
    {
        if (await FindAsync(code, cancellation) is not { } link)
            return (null, code?.StartsWith(FormerCode, StringComparison.Ordinal) == true ? InvitationState.Withdrawn : InvitationState.NotOurs);
        if (link.UsedAt is not null) return (null, InvitationState.Used);
        if (link.WithdrawnAt is not null || await db.Users.SingleAsync(user => user.Id == link.UserId, cancellation) is not { DisabledAt: null } user) return (null, InvitationState.Withdrawn);
        return clock.GetUtcNow() >= link.ExpiresAt ? (null, InvitationState.Expired) : (user, InvitationState.Good);
    }

    /// <summary>The link is used when the password is saved, in the same transaction.</summary>
    public async Task UseAsync(string code, CancellationToken cancellation) => (await FindAsync(code, cancellation))!.UsedAt = clock.GetUtcNow();

    private async Task<PasswordLink?> FindAsync(string? code, CancellationToken cancellation) =>
        string.IsNullOrEmpty(code) ? null : await db.PasswordLinks.FindAsync([Hash(code)], cancellation);

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

public enum InvitationState
{
    Good,
    Expired,
    Used,

    /// <summary>Replaced by a newer one, or the account was disabled or its password changed.</summary>
    Withdrawn,

    /// <summary>Damaged or forged.</summary>
    NotOurs,
}
