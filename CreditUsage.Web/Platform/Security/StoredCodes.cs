using System.Globalization;
using System.Security.Cryptography;

namespace CreditUsage.Platform.Security;

/// <summary>Recovery codes as the database holds them, divided by semicolons as Identity counts them. They have 47 random bits, so each is hashed as slowly as a password.</summary>
internal static class StoredCodes
{
    private const char Between = ';';
    private const int SaltBytes = 16;

    /// <summary>Base64 has no such character, nor has a code.</summary>
    private const char Mark = '$';

    /// <summary>One salt for all of them, so that trying a code takes one hash.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> codes, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return [.. codes.Select(code => Text(code, salt, iterations))];
    }

    public static bool AreHashed(string kept) => kept.Contains(Mark, StringComparison.Ordinal);

    /// <summary>For codes that were stored as they are.</summary>
    public static string Hashed(string plain, int iterations) => string.Join(Between, Of(plain.Split(Between), iterations));

    /// <returns>The others; null where none is the code.</returns>
    public static string? Without(string kept, string code)
    {
        var codes = kept.Split(Between);
        var right = codes.GroupBy(one => one[..(one.LastIndexOf(Mark) + 1)]).SelectMany(alike => Matching([.. alike], code)).FirstOrDefault();
        return right is null ? null : string.Join(Between, codes.Where(one => one != right));
    }

    private static IEnumerable<string> Matching(string[] alike, string code)
    {
        if (alike[0].Split(Mark) is not [var iterations, var salt, _]) return [];
        var tried = Convert.FromBase64String(Text(code, Convert.FromBase64String(salt), int.Parse(iterations, CultureInfo.InvariantCulture)).Split(Mark)[^1]);
        return alike.Where(one => CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(one.Split(Mark)[^1]), tried));
    }

    private static string Text(string code, byte[] salt, int iterations) => string.Create(CultureInfo.InvariantCulture,
        $"{iterations}{Mark}{Convert.ToBase64String(salt)}{Mark}{Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(code, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes))}");
}
