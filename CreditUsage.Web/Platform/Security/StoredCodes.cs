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

    /// <summary>Before the rounds of those that are hashed with SHA-512. Earlier ones were with SHA-256, and none is needed to tell.</summary>
    private const string Sha512Mark = "sha512:";

    /// <summary>One salt for all of them, so that trying a code takes one hash.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> codes, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return [.. codes.Select(code => Text(code, salt, string.Create(CultureInfo.InvariantCulture, $"{Sha512Mark}{iterations}")))];
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
        if (alike[0].Split(Mark) is not [var rounds, var salt, _]) return [];
        var tried = Convert.FromBase64String(Text(code, Convert.FromBase64String(salt), rounds).Split(Mark)[^1]);
        return alike.Where(one => CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(one.Split(Mark)[^1]), tried));
    }

    /// <param name="rounds">With the mark of their hash.</param>
    private static string Text(string code, byte[] salt, string rounds)
    {
        var isSha512 = rounds.StartsWith(Sha512Mark, StringComparison.Ordinal);
        var (algorithm, bytes) = isSha512 ? (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes) : (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var iterations = int.Parse(isSha512 ? rounds[Sha512Mark.Length..] : rounds, CultureInfo.InvariantCulture);
        return $"{rounds}{Mark}{Convert.ToBase64String(salt)}{Mark}{Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(code, salt, iterations, algorithm, bytes))}";
    }
}
