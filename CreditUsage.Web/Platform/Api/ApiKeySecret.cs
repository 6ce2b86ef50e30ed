using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Platform.Api;

/// <summary>A key as its holder has it: cu_PREFIX_SECRET. The prefix may be seen and finds the key; the whole is kept as a hash only.</summary>
public sealed class ApiKeySecret
{
    private const string Mark = "cu_";
    private const string PrefixAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int PrefixCharacters = 10;
    private const int SecretBytes = 32;
    private const int MostCharacters = 100;

    private ApiKeySecret(string prefix, string text) => (Prefix, Text) = (prefix, text);

    public string Prefix { get; }

    /// <summary>The whole key: shown once, never logged, never stored.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of the whole key, lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>A new key with 256 random bits.</summary>
    public static ApiKeySecret Make()
    {
        var prefix = RandomNumberGenerator.GetString(PrefixAlphabet, PrefixCharacters);
        return new(prefix, $"{Mark}{prefix}_{WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>Reads what somebody presents as a key.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKeySecret? secret)
    {
        var ends = text is { Length: > 0 and <= MostCharacters } && text.StartsWith(Mark, StringComparison.Ordinal) ? text.IndexOf('_', Mark.Length) : -1;
        secret = ends < 0 ? null : new ApiKeySecret(text![Mark.Length..ends], text);
        return secret is not null;
    }

    /// <summary>Compares in a time that tells nothing of how much is right.</summary>
    public bool Matches(string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(hash));
}
