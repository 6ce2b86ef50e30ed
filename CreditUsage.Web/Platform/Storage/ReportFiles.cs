using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Storage;

/// <summary>The bytes of saved reports, each under its own SHA-256 in the data folder. Nothing is overwritten and nothing changed.</summary>
public sealed class ReportFiles(IOptions<CreditUsageOptions> options)
{
    private string Root => Path.Combine(options.Value.DataFolder, "reports");

    /// <summary>Keeps a finished file, moved from where it was made on the same disk. The same content is kept once.</summary>
    public void Keep(string source, string sha256)
    {
        var path = PathOf(sha256);
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        if (!File.Exists(path)) File.Move(source, path);
    }

    /// <summary>The bytes, after they have been held against their SHA-256.</summary>
    /// <exception cref="UserFacingException">They are missing or not what was saved.</exception>
    public async Task<byte[]> ReadAsync(string sha256, CancellationToken cancellation)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path)) throw new UserFacingException("The file of this saved report is missing from the server's data folder. Restore it from a backup.");
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
            throw new UserFacingException("The file of this saved report is not what was saved: its checksum differs. Restore it from a backup.");
        return bytes;
    }

    private string PathOf(string sha256) => Path.Combine(Root, sha256[..2], sha256 + ".pdf");
}
