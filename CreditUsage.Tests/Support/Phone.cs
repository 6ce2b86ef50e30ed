using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace CreditUsage.Tests.Support;

/// <summary>An authenticator app: the codes of a key, counted here once more and in another way than the site does.</summary>
public sealed class Phone(string key)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public string Key { get; } = key.Replace(" ", "");

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 as authenticator apps have it.")]
    public string CodeAt(DateTimeOffset now)
    {
        var number = Key.Aggregate(BigInteger.Zero, (sum, letter) => sum * 32 + Letters.IndexOf(letter));
        var secret = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        var bytes = Key.Length * 5 / 8;
        secret = [.. new byte[bytes - secret.Length], .. secret];
        var counter = Convert.FromHexString((now.ToUnixTimeSeconds() / 30).ToString("x16", CultureInfo.InvariantCulture));
        var hash = Convert.ToHexString(HMACSHA1.HashData(secret, counter));
        var place = Convert.ToInt32(hash[^1..], 16) * 2;
        var code = Convert.ToUInt32(hash.Substring(place, 8), 16) % 2147483648 % 1000000;
        return code.ToString("000000", CultureInfo.InvariantCulture);
    }
}
