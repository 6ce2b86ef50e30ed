using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Storage;

/// <summary>The bytes of saved reports and of closed months, each under its own SHA-256 in the data folder. Nothing is overwritten and nothing changed.</summary>
public sealed class ReportFiles(IOptions<CreditUsageOptions> options)
{
    private const string Pdf = "pdf";

    private string Root => Path.Combine(options.Value.DataFolder, "reports");

    /// <summary>Keeps a finished file, moved from where it was made on the same disk. The same content is kept once.</summary>
    public void Keep(string source, string sha256, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        if (!File.Exists(path)) File.Move(source, path, overwrite: true);
    }

    /// <summary>Whether the file is there and is what was saved.</summary>
    public async Task<bool> HoldsAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        if (!File.Exists(path)) return false;
        await using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == sha256;
    }

    /// <summary>Removes a PDF for good. The caller knows that nobody is to get it any more.</summary>
    public void Remove(string sha256)
    {
        if (File.Exists(PathOf(sha256))) File.Delete(PathOf(sha256));
    }

    /// <summary>The file, after it has been held against its SHA-256.</summary>
    /// <exception cref="UserFacingException">It is missing or not what was saved.</exception>
    public async Task<FileStream> OpenAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        if (!File.Exists(path)) throw new UserFacingException("The file of this saved report is missing from the server's data folder. Restore it from a backup.");
        var content = File.OpenRead(path);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == sha256)
        {
            content.Position = 0;
            return content;
        }
        await content.DisposeAsync();
        throw new UserFacingException("The file of this saved report is not what was saved: its checksum differs. Restore it from a backup.");
    }

    private string PathOf(string sha256, string extension = Pdf) => Path.Combine(Root, sha256[..2], $"{sha256}.{extension}");
}
