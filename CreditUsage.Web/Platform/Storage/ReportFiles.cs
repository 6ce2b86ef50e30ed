using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Storage;

/// <summary>Files named by their SHA-256 in the data folder. None is overwritten or changed.</summary>
public sealed class ReportFiles(IOptions<CreditUsageOptions> options)
{
    public const string Pdf = "pdf";

    public const string Folder = "reports";

    /// <summary>Its path within a data folder.</summary>
    public static string NameOf(string sha256, string extension) => Path.Combine(Folder, sha256[..2], $"{sha256}.{extension}");
    private static readonly TimeSpan UnnamedFor = TimeSpan.FromDays(1);

    private string Root => Path.Combine(options.Value.DataFolder, Folder);

    /// <summary>Moves a file from a folder on the same disk. The same content is stored once.</summary>
    public void Store(string source, string sha256, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        if (!File.Exists(path)) File.Move(source, path, overwrite: true);
        // It may lie there without a row, and must not be swept away before it has its new one.
        else File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
    }

    public async Task<bool> IsIntactAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        if (!File.Exists(path)) return false;
        await using var content = File.OpenRead(path);
        return await MatchesAsync(content, sha256, cancellation);
    }

    /// <summary>The first bytes of a file; null where there is none.</summary>
    public async Task<byte[]?> HeadAsync(string sha256, string extension, int bytes, CancellationToken cancellation)
    {
        if (!File.Exists(PathOf(sha256, extension))) return null;
        await using var content = File.OpenRead(PathOf(sha256, extension));
        var head = new byte[Math.Min(bytes, content.Length)];
        await content.ReadExactlyAsync(head, cancellation);
        return head;
    }

    public void Remove(string sha256)
    {
        if (File.Exists(PathOf(sha256))) File.Delete(PathOf(sha256));
    }

    /// <summary>The hashes and extensions of what has lain there for a day, by the machine's own clock.</summary>
    public IReadOnlyList<(string Sha256, string Extension)> Old() => !Directory.Exists(Root) ? []
        : [.. new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).Where(IsOld).Select(file => (Path.GetFileNameWithoutExtension(file.Name), file.Extension.TrimStart('.')))];

    /// <summary>Removes a file that no row names. Call it under the write lock, under which a running save stores its own.</summary>
    public bool RemoveUnnamed(string sha256, string extension)
    {
        var file = new FileInfo(PathOf(sha256, extension));
        if (!file.Exists || !IsOld(file)) return false;
        file.Delete();
        return true;
    }

    /// <exception cref="UserFacingException">It is missing or not what was stored.</exception>
    public async Task<FileStream> OpenAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        if (!File.Exists(path)) throw new UserFacingException("The file of this saved report is missing. Restore it from a backup.");
        var content = File.OpenRead(path);
        if (await MatchesAsync(content, sha256, cancellation))
        {
            content.Position = 0;
            return content;
        }
        await content.DisposeAsync();
        throw new UserFacingException("The file of this saved report has changed since it was saved. Restore it from a backup.");
    }

    private static bool IsOld(FileInfo file) => DateTime.UtcNow - file.LastWriteTimeUtc > UnnamedFor;

    private static async Task<bool> MatchesAsync(Stream content, string sha256, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == sha256;

    private string PathOf(string sha256, string extension = Pdf) => Path.Combine(options.Value.DataFolder, NameOf(sha256, extension));
}
