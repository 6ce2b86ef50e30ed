using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Codes of invitations and forgotten passwords: 256 random bits of which only the hash is stored, good once.</summary>
public sealed class InvitationLinks(CreditUsageDb db, TimeProvider clock)
{
    public static readonly TimeSpan InvitationGoodFor = TimeSpan.FromDays(3);
    public static readonly TimeSpan NewPasswordGoodFor = TimeSpan.FromHours(24);

    public const string Path = "/Identity/Account/AcceptInvitation";

    /// <summary>How codes of before began, which were made with the keys that copies of the database hold.</summary>
    private const string FormerCode = "CfDJ8";

    /// <summary>Hashed with an invitation's code: a version that knows links for passwords alone finds none of these, and sets no password by them.</summary>
    private const string Invitation = "invitation:";

    /// <summary>For a new password. Withdraws the links for one before it.</summary>
    /// <returns>The path of the link, which nobody can read again.</returns>
    public async Task<string> MakeAsync(AppUser user, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await WithdrawAsync(user, cancellation);
        return await AddAsync(user, "", NewPasswordGoodFor, invitedTo: null, cancellation);
    }

    /// <summary>Withdraws the invitations to the same clinic before it.</summary>
    public async Task<string> InviteAsync(AppUser user, int clinic, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await WithdrawInvitationAsync(user, clinic, cancellation);
        return await AddAsync(user, Invitation, InvitationGoodFor, clinic, cancellation);
    }

    /// <summary>Links for a new password.</summary>
    public Task WithdrawAsync(AppUser user, CancellationToken cancellation) => WithdrawAsync(user, clinic: null, cancellation);

    /// <summary>Before memberships the first link for a password was the invitation.</summary>
    public async Task WithdrawInvitationAsync(AppUser user, int clinic, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(user);
        await WithdrawAsync(user, clinic, cancellation);
        if (user.PasswordHash is null && user.SubscriptionId == clinic) await WithdrawAsync(user, cancellation);
    }

    /// <returns>The link, tracked, with its user; its user is null unless it is good.</returns>
    public async Task<OpenedLink> ReadAsync(string? code, CancellationToken cancellation)
    {
        if (await FindAsync(code, cancellation) is not { } link)
            return new(code?.StartsWith(FormerCode, StringComparison.Ordinal) == true ? InvitationState.Withdrawn : InvitationState.NotOurs);
        if (link.UsedAt is not null) return new(InvitationState.Used);
        var user = await db.Users.SingleAsync(user => user.Id == link.UserId, cancellation);
        var memberships = await db.Memberships.AsNoTracking().OfEverySubscription().Where(membership => membership.UserId == user.Id && membership.DisabledAt == null).ToListAsync(cancellation);
        var clinic = link.InvitedTo ?? (user.PasswordHash is null ? user.SubscriptionId : null);
        var isOpen = clinic is null ? memberships.Count > 0 : memberships.Exists(membership => membership.SubscriptionId == clinic && (membership.JoinedAt is null || user.PasswordHash is null));
        if (link.WithdrawnAt is not null || !isOpen) return new(InvitationState.Withdrawn);
        return clock.GetUtcNow() >= link.ExpiresAt ? new(InvitationState.Expired) : new(InvitationState.Good) { User = user, Link = link, InvitedTo = clinic };
    }

    private async Task<string> AddAsync(AppUser user, string kind, TimeSpan goodFor, int? invitedTo, CancellationToken cancellation)
    {
        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        db.Add(new PasswordLink { TokenHash = Hash(kind + token), UserId = user.Id, InvitedTo = invitedTo, ExpiresAt = clock.GetUtcNow() + goodFor });
        await db.SaveChangesAsync(cancellation);
        return $"{Path}?code={token}";
    }

    private Task<int> WithdrawAsync(AppUser user, int? clinic, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return db.PasswordLinks.Where(link => link.UserId == user.Id && link.InvitedTo == clinic && link.UsedAt == null && link.WithdrawnAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.WithdrawnAt, now), cancellation);
    }

    private async Task<PasswordLink?> FindAsync(string? code, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(code)) return null;
        var (password, invitation) = (Hash(code), Hash(Invitation + code));
        return await db.PasswordLinks.SingleOrDefaultAsync(link => link.TokenHash == password || link.TokenHash == invitation, cancellation);
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <param name="State">With a user and a link where it is good.</param>
public sealed record OpenedLink(InvitationState State)
{
    public AppUser? User { get; init; }

    public PasswordLink? Link { get; init; }

    /// <summary>The clinic that it invites to; null where it sets another password.</summary>
    public int? InvitedTo { get; init; }
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
