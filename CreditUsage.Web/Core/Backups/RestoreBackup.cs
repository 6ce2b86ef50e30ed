using CreditUsage.Platform;
using CreditUsage.Platform.Storage;

namespace CreditUsage.Core.Backups;

/// <summary>Copies a backup beside where it will be, has it checked there, and only then gives every part its name.</summary>
public static class RestoreBackup
{
    /// <summary>Keys are kept apart from backups and may be put back first.</summary>
    private const string Keys = "keys";

    private const string Unchecked = "restoring";

    /// <param name="check">Migrates and checks the data folder that it is given; answers what is wrong, null where nothing is.</param>
    /// <exception cref="UserFacingException">The data folder is as it was before, and why.</exception>
    public static async Task<BackupManifest> RunAsync(string backup, string dataFolder, Func<string, Task<string?>> check, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(check);
        var manifest = await BackupManifest.ReadAsync(backup, cancellation);
        if (await manifest.FirstWrongAsync(backup, cancellation) is { } wrong) throw new UserFacingException($"{wrong} Nothing was restored. Use another backup.");
        if (Directory.Exists(dataFolder) && Directory.EnumerateFileSystemEntries(dataFolder).Any(entry => Path.GetFileName(entry) != Keys))
            throw new UserFacingException($"{dataFolder} is not empty. A backup is restored into an empty folder only: move what is there away, or set CreditUsage__DataPath to another.");
        var folder = PrivateFolder.Create(Path.Combine(PrivateFolder.Create(dataFolder), Unchecked));
        try
        {
            foreach (var file in manifest.Files) await CopyAsync(file, backup, folder, cancellation);
            if (await check(folder) is { } problem) throw new UserFacingException($"{problem} Nothing was restored. Use another backup.");
            // The database last: without it the folder is none.
            foreach (var part in manifest.Files.Select(file => file.Path.Split('/')[0]).Distinct().OrderBy(part => File.Exists(Path.Combine(folder, part)))) Move(Path.Combine(folder, part), Path.Combine(dataFolder, part));
            return manifest;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(from)) File.Move(from, to);
        else Directory.Move(from, to);
    }

    private static async Task CopyAsync(BackupFile file, string backup, string folder, CancellationToken cancellation)
    {
        var copied = await BackupFile.CopyAsync(file.PathIn(backup), folder, file.Path, cancellation);
        if (copied.Sha256 != file.Sha256) throw new UserFacingException($"{file.PathIn(backup)} changed while it was read. Nothing was restored.");
    }
}
