using CreditUsage.Data;
using CreditUsage.Data.Engines;
using CreditUsage.Platform;
using CreditUsage.Platform.Integrity;
using CreditUsage.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Core.Backups;

/// <summary>
/// Copies the database as it is at one instant, then the files that the copy names: files are written before their rows and never change. The keys that
/// sign cookies and links are left out, so that a copy opens nothing, and so is the job engine's own file, which a start makes anew.
/// </summary>
public sealed class MakeBackup(CreditUsageDb db, IOptions<CreditUsageOptions> options, TimeProvider clock)
{
    public const string Unfinished = ".unfinished";

    private const string Imports = "imports";

    private string DataFolder => options.Value.DataFolder;

    /// <param name="path">A folder that does not exist; until the backup is complete it has another name.</param>
    /// <exception cref="UserFacingException">No backup was made, and why.</exception>
    public async Task<BackupManifest> RunAsync(string path, CancellationToken cancellation)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (db.BackedUpBy is { } program) throw new UserFacingException($"A database of this engine is backed up by {program}. The README says how.");
        if (Path.Exists(path)) throw new UserFacingException($"{path} exists already. Name a folder that does not.");
        if (db.SizeBytes == 0) throw new UserFacingException($"There is no database in {DataFolder}.");
        var unfinished = path + Unfinished;
        try
        {
            // What a killed backup left.
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            var manifest = new BackupManifest(clock.GetUtcNow(), await CopyAsync(PrivateFolder.Create(unfinished), cancellation));
            await manifest.WriteAsync(unfinished, cancellation);
            Directory.Move(unfinished, path);
            return manifest;
        }
        catch (Exception problem)
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            if (problem is IOException or UnauthorizedAccessException) throw new UserFacingException($"{path} cannot be written: {problem.Message} No backup was made.", problem);
            throw;
        }
    }

    private async Task<IReadOnlyList<BackupFile>> CopyAsync(string folder, CancellationToken cancellation)
    {
        var files = new List<BackupFile>();
        // Before the database: it must not know of a newer audit entry than the copy has.
        var anchors = Path.Combine(DataFolder, AuditAnchors.FileName);
        if (File.Exists(anchors)) files.Add(await BackupFile.CopyAsync(anchors, folder, AuditAnchors.FileName, cancellation));
        files.Add(await CopyDatabaseAsync(folder, cancellation));
        foreach (var (name, sha256) in await NamedFilesAsync(folder, cancellation)) files.Add(await CopyReportAsync(folder, name, sha256, cancellation));
        files.AddRange(await CopyImportsAsync(folder, cancellation));
        return files;
    }

    private async Task<BackupFile> CopyDatabaseAsync(string folder, CancellationToken cancellation)
    {
        var name = await db.CopyToAsync(folder, cancellation);
        await using var copy = DatabaseEngine.OpenReadOnly(options.Value.Database.Provider, folder);
        if (await copy.CheckAsync(full: false, cancellation) is not null) throw new UserFacingException($"{DataChecks.Damaged} No backup was made of it, so the earlier ones stay the newest.");
        return await BackupFile.OfAsync(folder, name, cancellation);
    }

    /// <summary>Those that are not in the database itself.</summary>
    private async Task<IReadOnlyList<(string Name, string Sha256)>> NamedFilesAsync(string folder, CancellationToken cancellation)
    {
        await using var copy = DatabaseEngine.OpenReadOnly(options.Value.Database.Provider, folder);
        var inside = (await copy.StoredFiles.Select(file => file.Sha256).ToListAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        return [.. (await NamedFiles.OfAsync(copy, cancellation)).Where(file => !inside.Contains(file.Sha256)).Select(file => (FolderReportFiles.NameOf(file.Sha256, file.Extension), file.Sha256))];
    }

    private async Task<BackupFile> CopyReportAsync(string folder, string name, string sha256, CancellationToken cancellation)
    {
        var source = Path.Combine(DataFolder, name);
        var copied = File.Exists(source) ? await BackupFile.CopyAsync(source, folder, name, cancellation) : null;
        return copied?.Sha256 == sha256 ? copied : throw new UserFacingException($"{source} is {(copied is null ? "missing" : "not what was saved")}. Restore it from an earlier backup; no backup was made without it.");
    }

    /// <summary>Uploads that wait to be stored, and what was found in earlier ones. One may end while it is copied; then the copied rows do not need it.</summary>
    private async Task<IReadOnlyList<BackupFile>> CopyImportsAsync(string folder, CancellationToken cancellation)
    {
        var files = new List<BackupFile>();
        if (!Directory.Exists(Path.Combine(DataFolder, Imports))) return files;
        foreach (var source in Directory.EnumerateFiles(Path.Combine(DataFolder, Imports)).Where(source => !source.EndsWith(".part", StringComparison.Ordinal)).ToList())
        {
            try
            {
                files.Add(await BackupFile.CopyAsync(source, folder, Path.Combine(Imports, Path.GetFileName(source)), cancellation));
            }
            catch (FileNotFoundException)
            {
                // It has been stored since.
            }
        }
        return files;
    }
}
