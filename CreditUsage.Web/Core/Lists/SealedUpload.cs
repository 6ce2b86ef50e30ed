using System.IO.Compression;
using System.Security.Cryptography;
using CreditUsage.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Core.Lists;

/// <summary>
/// A small file goes with the form from its preview to its confirmation, sealed for one clinic and one kind of list (decision 32): nothing is kept here of a file that
/// nobody confirms, every node can read it, and nobody can send another.
/// </summary>
public sealed class SealedUpload(IDataProtectionProvider protection, CreditUsageDb db)
{
    private const string Purpose = "CreditUsage.Lists";

    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(12);

    /// <param name="kind">Of the list, such as "purchases".</param>
    public string Seal(string kind, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var packed = new MemoryStream();
        using (var packing = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) packing.Write(file);
        return WebEncoders.Base64UrlEncode(Protector(kind).Protect(packed.ToArray(), GoodFor));
    }

    /// <returns>Null where it was not sealed here for this clinic and kind, or has expired.</returns>
    public byte[]? Open(string kind, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            using var packed = new MemoryStream(Protector(kind).Unprotect(WebEncoders.Base64UrlDecode(text)));
            using var unpacking = new BrotliStream(packed, CompressionMode.Decompress);
            using var file = new MemoryStream();
            unpacking.CopyTo(file);
            return file.ToArray();
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private ITimeLimitedDataProtector Protector(string kind) =>
        protection.CreateProtector(Purpose, kind, db.RequireSubscriptionId().ToString((IFormatProvider?)null)).ToTimeLimitedDataProtector();
}
