using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Domain.People;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using QRCoder;

namespace CreditUsage.Platform.Security;

/// <summary>Checks codes by the site's clock and accepts none twice: the last accepted step is stored beside the key.</summary>
public sealed class AuthenticatorCodes(CreditUsageDb db, TimeProvider clock) : IUserTwoFactorTokenProvider<AppUser>
{
    private const string TokenProvider = "CreditUsage";
    private const string LastStep = "LastAuthenticatorStep";

    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<AppUser> manager, AppUser user)
    {
        ArgumentNullException.ThrowIfNull(manager);
        return !string.IsNullOrEmpty(await manager.GetAuthenticatorKeyAsync(user));
    }

    public Task<string> GenerateAsync(string purpose, UserManager<AppUser> manager, AppUser user) => Task.FromResult("");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<AppUser> manager, AppUser user)
    {
        ArgumentNullException.ThrowIfNull(manager);
        ArgumentNullException.ThrowIfNull(user);
        if (await manager.GetAuthenticatorKeyAsync(user) is not { Length: > 0 } key || Totp.StepOf(key, token, clock.GetUtcNow()) is not { } step) return false;
        var (id, taken) = (user.Id, Text(step));
        // One statement, so that of two requests with the same code one is refused.
        return await db.UserTokens.Where(row => row.UserId == id && row.LoginProvider == TokenProvider && row.Name == LastStep && string.Compare(row.Value, taken) < 0)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Value, taken)) == 1;
    }

    /// <summary>Refuses codes of this step and earlier ones from now on.</summary>
    internal static Task BeginAsync(UserManager<AppUser> users, AppUser user, long step) => users.SetAuthenticationTokenAsync(user, TokenProvider, LastStep, Text(step));

    internal static Task ForgetAsync(UserManager<AppUser> users, AppUser user) => users.RemoveAuthenticationTokenAsync(user, TokenProvider, LastStep);

    /// <summary>Of fixed width, so that texts compare as the numbers do.</summary>
    private static string Text(long step) => step.ToString("D19", CultureInfo.InvariantCulture);
}

/// <summary>Not stored until a code proves that the app has the key: the form carries it, sealed for its user.</summary>
public sealed record AuthenticatorKey(string Base32, string Sealed)
{
    private const string Purpose = "CreditUsage.AuthenticatorKey";

    /// <summary>In groups of four, for typing.</summary>
    public string Grouped => string.Join(' ', Base32.Chunk(4).Select(group => new string(group)));

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

    public QrPicture Picture(string email) => QrPicture.Of($"otpauth://totp/CreditUsage:{Uri.EscapeDataString(email)}?secret={Base32}&issuer=CreditUsage");

    private static IDataProtector Protector(IDataProtectionProvider protection, AppUser user) => protection.CreateProtector(Purpose, user.Id);
}

/// <summary>One SVG path: dark modules as runs of one unit each, quiet zone included.</summary>
/// <param name="Side">Width and height in units.</param>
public sealed record QrPicture(int Side, string Path)
{
    public static QrPicture Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < data.ModuleMatrix.Count; y++)
        {
            var row = data.ModuleMatrix[y];
            for (var x = 0; x < row.Length; x++)
            {
                var start = x;
                while (x < row.Length && row[x]) x++;
                if (x > start) path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
            }
        }
        return new(data.ModuleMatrix.Count, path.ToString());
    }
}
