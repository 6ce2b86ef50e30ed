using System.Globalization;
using System.Security.Cryptography;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Platform.Security;

/// <summary>Codes of invitations and forgotten passwords: encrypted and signed, good for three days and one password, since setting it changes the stamp that they hold.</summary>
public sealed class InvitationLinks(IDataProtectionProvider protection, CreditUsageDb db, TimeProvider clock)
{
    public static readonly TimeSpan GoodFor = TimeSpan.FromDays(3);

    public const string Path = "/Identity/Account/AcceptInvitation";

    private readonly IDataProtector _protector = protection.CreateProtector("CreditUsage.Invitation");

    public string For(AppUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var expires = (clock.GetUtcNow() + GoodFor).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{Path}?code={_protector.Protect(string.Join('|', user.Id, expires, user.SecurityStamp))}";
    }

    public async Task<(AppUser? User, InvitationState State)> ReadAsync(string? code, CancellationToken cancellation)
    {
        if (Open(code) is not [var id, var expires, var stamp]) return (null, InvitationState.NotOurs);
        if (await db.Users.SingleOrDefaultAsync(user => user.Id == id, cancellation) is not { DisabledAt: null } user) return (null, InvitationState.Withdrawn);
        if (user.SecurityStamp != stamp) return (null, user.PasswordHash is null ? InvitationState.Withdrawn : InvitationState.Used);
        return clock.GetUtcNow().ToUnixTimeSeconds() >= long.Parse(expires, CultureInfo.InvariantCulture) ? (null, InvitationState.Expired) : (user, InvitationState.Good);
    }

    private string[]? Open(string? code)
    {
        try
        {
            return string.IsNullOrEmpty(code) ? null : _protector.Unprotect(code).Split('|');
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

public enum InvitationState
{
    Good,
    Expired,
    Used,

    /// <summary>Replaced by a newer one, or the account was disabled.</summary>
    Withdrawn,

    /// <summary>Damaged or forged.</summary>
    NotOurs,
}
