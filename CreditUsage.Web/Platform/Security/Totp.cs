using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CreditUsage.Platform.Security;

/// <summary>RFC 6238 as every authenticator app expects it: SHA-1, six digits, 30 seconds.</summary>
public static class Totp
{
    public const int StepSeconds = 30;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The code's step of 30 seconds since 1970: the present one or a neighbour, for inexact clocks. Null where none matches.</summary>
    public static long? StepOf(string key, string code, DateTimeOffset now)
    {
        var typed = WithoutGaps(code);
        var secret = Decode(key);
        var present = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        // All three are computed, whichever fits, so that the time reveals nothing.
        for (var step = present - 1; step <= present + 1; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(secret, step)), Encoding.UTF8.GetBytes(typed))) found = step;
        return found;
    }

    public static string WithoutGaps(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 as authenticator apps have it; HMAC does not need what SHA-1 has lost.")]
    private static string Code(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        var place = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.Slice(place, sizeof(int))) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        var (bits, held, at) = (0, 0, 0);
        foreach (var letter in key)
        {
            (bits, held) = ((bits << 5 | Base32.IndexOf(letter, StringComparison.Ordinal)) & 0xfff, held + 5);
            if (held < 8) continue;
            held -= 8;
            bytes[at++] = (byte)(bits >> held);
        }
        return bytes;
    }
}
