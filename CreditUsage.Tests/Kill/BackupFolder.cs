using System.Diagnostics;
using CreditUsage.Core.Backups;
using CreditUsage.Tests.Bench;

namespace CreditUsage.Tests.Kill;

/// <summary>Where the verbs back up a data folder that another process writes to, and restore the backup.</summary>
internal sealed class BackupFolder(string data) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-backup-").FullName;

    private string Backup => Path.Combine(_folder, "backup");

    private string Killed => Path.Combine(_folder, "killed");

    /// <summary>A backup that is killed has not its name, or it is whole.</summary>
    public async Task KillAsync(TimeSpan after)
    {
        using var process = Start(data, "backup", Killed);
        await Task.Delay(after);
        process.Kill();
        await process.WaitForExitAsync();
        if (Directory.Exists(Killed)) Assert.Null(await (await BackupManifest.ReadAsync(Killed, CancellationToken.None)).FirstWrongAsync(Killed, CancellationToken.None));
    }

    public Task BackUpAsync() => RunAsync(data, "backup", Backup);

    /// <returns>The data folder.</returns>
    public async Task<string> RestoreAsync()
    {
        var restored = Path.Combine(_folder, "restored");
        await RunAsync(restored, "restore", Backup);
        return restored;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task RunAsync(string data, params string[] words)
    {
        using var process = Start(data, words);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', words)}: {process.ExitCode} {await output} {await errors}");
    }

    private static Process Start(string data, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [SiteProcess.Program, .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CreditUsage__DataPath"] = data;
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }
}
