using System.Security.Cryptography;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.DataProtection;

namespace CreditUsage.Platform.Security.TwoFactor;

/// <summary>A key on its way into an app: nothing is stored until a code has proved that it arrived, so the form carries it, sealed for its user.</summary>
/// <param name="Base32">The key itself.</param>
/// <param name="Sealed">What the form carries.</param>
public sealed record AuthenticatorKey(string Base32, string Sealed)
{
    private const string Purpose = "CreditUsage.AuthenticatorKey";

    /// <summary>In groups of four, for typing.</summary>
    public string InWords => string.Join(' ', Base32.Chunk(4).Select(group => new string(group)));

    public static AuthenticatorKey New(IDataProtectionProvider protection, AppUser user, string base32) => new(base32, Protector(protection, user).Protect(base32));

    /// <returns>Null when it was not sealed here for this user.</returns>
    public static AuthenticatorKey? Open(IDataProtectionProvider protection, AppUser user, string? sealedKey)
    {
        try
        {
            return string.IsNullOrEmpty(sealedKey) ? null : new(Protector(protection, user).Unprotect(sealedKey), sealedKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>What the app scans.</summary>
    public QrPicture Picture(string email) => QrPicture.Of($"otpauth://totp/CreditUsage:{Uri.EscapeDataString(email)}?secret={Base32}&issuer=CreditUsage");

    private static IDataProtector Protector(IDataProtectionProvider protection, AppUser user) => protection.CreateProtector(Purpose, user.Id);
}
