using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Storage;

/// <summary>In the data folder.</summary>
public sealed class FolderReportFiles(IOptions<CreditUsageOptions> options) : ReportFiles
{
    public const string Folder = "reports";

    private string Root => Path.Combine(options.Value.DataFolder, Folder);

    /// <summary>Its path within a data folder.</summary>
    public static string NameOf(string sha256, string extension) => Path.Combine(Folder, sha256[..2], $"{sha256}.{extension}");

    public override Task StoreAsync(string source, string sha256, string extension, CancellationToken cancellation)
    {
        var path = PathOf(sha256, extension);
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        if (!File.Exists(path)) File.Move(source, path, overwrite: true);
        // It may lie there without a row, and must not be swept away before it has its new one.
        else File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        return Task.CompletedTask;
    }

    public override async Task<bool> IsIntactAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        if (!File.Exists(path)) return false;
        await using var content = File.OpenRead(path);
        return await MatchesAsync(content, sha256, cancellation);
    }

    public override async Task<byte[]?> HeadAsync(string sha256, string extension, int bytes, CancellationToken cancellation)
    {
        if (!File.Exists(PathOf(sha256, extension))) return null;
        await using var content = File.OpenRead(PathOf(sha256, extension));
        var head = new byte[Math.Min(bytes, content.Length)];
        await content.ReadExactlyAsync(head, cancellation);
        return head;
    }

    public override Task RemoveAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        if (File.Exists(PathOf(sha256, extension))) File.Delete(PathOf(sha256, extension));
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<(string Sha256, string Extension)>> OldAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<(string, string)>>(!Directory.Exists(Root) ? []
        : [.. new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).Where(IsOld).Select(file => (Path.GetFileNameWithoutExtension(file.Name), file.Extension.TrimStart('.')))]);

    public override Task<bool> RemoveUnnamedAsync(string sha256, string extension, CancellationToken cancellation)
    {
        var file = new FileInfo(PathOf(sha256, extension));
        if (!file.Exists || !IsOld(file)) return Task.FromResult(false);
        file.Delete();
        return Task.FromResult(true);
    }

    public override async Task<Stream> OpenAsync(string sha256, CancellationToken cancellation, string extension = Pdf)
    {
        var path = PathOf(sha256, extension);
        if (!File.Exists(path)) throw Missing();
        var content = File.OpenRead(path);
        if (await MatchesAsync(content, sha256, cancellation))
        {
            content.Position = 0;
            return content;
        }
        await content.DisposeAsync();
        throw Changed();
    }

    private static bool IsOld(FileInfo file) => DateTime.UtcNow - file.LastWriteTimeUtc > UnnamedFor;

    private static async Task<bool> MatchesAsync(Stream content, string sha256, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == sha256;

    private string PathOf(string sha256, string extension) => Path.Combine(options.Value.DataFolder, NameOf(sha256, extension));
}
