using System.Security.Cryptography;
using System.Text.Json;
using CreditUsage.Platform;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Core.Backups;

/// <summary>Every file of a backup with its SHA-256. Written last: a folder without one is no backup.</summary>
public sealed record BackupManifest(DateTimeOffset MadeAt, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public long Bytes => Files.Sum(file => file.Bytes);

    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <exception cref="UserFacingException">There is none, or it cannot be read.</exception>
    public static async Task<BackupManifest> ReadAsync(string folder, CancellationToken cancellation)
    {
        if (!IsIn(folder)) throw new UserFacingException($"{folder} is not a backup: it has no {FileName}.");
        await using var content = File.OpenRead(Path.Combine(folder, FileName));
        try
        {
            return await JsonSerializer.DeserializeAsync<BackupManifest>(content, Json, cancellation) ?? throw new JsonException();
        }
        catch (JsonException problem)
        {
            throw new UserFacingException($"{Path.Combine(folder, FileName)} cannot be read, so nothing says what the backup had. Take another backup.", problem);
        }
    }

    public async Task WriteAsync(string folder, CancellationToken cancellation)
    {
        await using var content = PrivateFile.Create(Path.Combine(folder, FileName));
        await JsonSerializer.SerializeAsync(content, this, Json, cancellation);
        content.Flush(flushToDisk: true);
    }

    /// <summary>The first file that is not as it was written, as a sentence; null where all are.</summary>
    public async Task<string?> FirstWrongAsync(string folder, CancellationToken cancellation)
    {
        foreach (var file in Files)
            if (await file.ProblemAsync(folder, cancellation) is { } problem)
                return problem;
        var known = Files.Select(file => file.PathIn(folder)).Append(Path.Combine(Path.GetFullPath(folder), FileName)).ToHashSet(StringComparer.Ordinal);
        var unknown = Directory.EnumerateFiles(Path.GetFullPath(folder), "*", SearchOption.AllDirectories).FirstOrDefault(path => !known.Contains(path));
        return unknown is null ? null : $"{unknown} does not belong to the backup.";
    }
}

/// <param name="Path">Within the folder, with / between its parts.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256)
{
    /// <exception cref="UserFacingException">The path leads out of the folder.</exception>
    public string PathIn(string folder)
    {
        var (root, path) = (System.IO.Path.GetFullPath(folder), System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, Path)));
        return path.StartsWith(root + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path
            : throw new UserFacingException($"{folder} is not a backup of CreditUsage: it names a file outside of itself.");
    }

    public async Task<string?> ProblemAsync(string folder, CancellationToken cancellation)
    {
        var path = PathIn(folder);
        if (!File.Exists(path)) return $"{path} is missing.";
        await using var content = File.OpenRead(path);
        return content.Length == Bytes && Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == Sha256 ? null : $"{path} is not what was backed up.";
    }

    /// <summary>Copies a file into the folder, whatever is done to it meanwhile, and brings it to the disk.</summary>
    public static async Task<BackupFile> CopyAsync(string source, string folder, string path, CancellationToken cancellation)
    {
        var target = System.IO.Path.Combine(folder, path);
        PrivateFolder.Create(System.IO.Path.GetDirectoryName(target)!);
        await using var from = File.OpenRead(source);
        await using var to = PrivateFile.Create(target);
        using var hash = SHA256.Create();
        await using (var hashed = new CryptoStream(to, hash, CryptoStreamMode.Write, leaveOpen: true)) await from.CopyToAsync(hashed, cancellation);
        to.Flush(flushToDisk: true);
        return new(path.Replace(System.IO.Path.DirectorySeparatorChar, '/'), to.Length, Convert.ToHexStringLower(hash.Hash!));
    }

    /// <summary>A file that is in the folder already; brings it to the disk, for its owner alone.</summary>
    public static async Task<BackupFile> OfAsync(string folder, string path, CancellationToken cancellation)
    {
        var target = System.IO.Path.Combine(folder, path);
        PrivateFile.Restrict(target);
        await using var content = new FileStream(target, FileMode.Open, FileAccess.ReadWrite);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        content.Flush(flushToDisk: true);
        return new(path, content.Length, sha256);
    }
}
