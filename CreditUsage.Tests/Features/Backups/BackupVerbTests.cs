using System.Text.Json;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;
using Microsoft.Data.Sqlite;

namespace CreditUsage.Tests.Features.Backups;

/// <summary>backup, restore and verify-data, as a shell would call them.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class BackupVerbTests(BackupVerbTests.ClosedClinic clinic) : IClassFixture<BackupVerbTests.ClosedClinic>, IDisposable
{
    private readonly SiteProgram _program = clinic.Copied();

    private string Backup => _program.PathOf("backup");

    private string Data => _program.PathOf("data");

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_backup_is_restored_into_an_empty_folder_and_everything_holds()
    {
        // What opens accounts, and what a start makes anew, is in no backup.
        Directory.CreateDirectory(Path.Combine(Data, "keys"));
        await File.WriteAllTextAsync(Path.Combine(Data, "keys", "key-1.xml"), "secret");
        await File.WriteAllTextAsync(Path.Combine(Data, "jobs.db"), "jobs");

        var (exitCode, output, errors) = await _program.RunAsync("backup", Backup);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.StartsWith($"Backed up to {Backup}: 4 files, ", output, StringComparison.Ordinal);
        Assert.Equal(["audit-anchor.json", "creditusage.db", "manifest.json", "reports"], Directory.EnumerateFileSystemEntries(Backup).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles(Backup, "*", SearchOption.AllDirectories), path => path.Contains("keys", StringComparison.Ordinal) || path.Contains("jobs", StringComparison.Ordinal));
        var (checkedCode, holds, wrong) = await _program.RunAsync("verify-data", Backup);
        Assert.Equal((0, ""), (checkedCode, wrong));
        Assert.StartsWith("Everything holds: 3 events, 1 closed month, 2 kept files, ", holds, StringComparison.Ordinal);
        // Looking at it has left nothing in it.
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(Backup).Count());

        var elsewhere = _program.PathOf("restored");
        var restored = await _program.RunAsync("restore", Backup, $"--CreditUsage:DataPath={elsewhere}");
        Assert.True(restored.ExitCode == 0, restored.Errors);
        Assert.Contains("Everything holds: 3 events, 1 closed month, 2 kept files, ", restored.Output, StringComparison.Ordinal);
        Assert.Equal(["audit-anchor.json", "creditusage.db", "reports"], Directory.EnumerateFileSystemEntries(elsewhere).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(await CsvAsync(Data), await CsvAsync(elsewhere));
        Assert.Equal("wal", await RawData.ReadAsync(elsewhere, "PRAGMA journal_mode"));
    }

    [Fact]
    public async Task A_backup_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        await _program.RunAsync("backup", Backup);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Backup));
        foreach (var path in Directory.EnumerateFiles(Backup, "*", SearchOption.AllDirectories)) Assert.Equal((path, UnixFileMode.UserRead | UnixFileMode.UserWrite), (path, File.GetUnixFileMode(path)));
    }

    [Fact]
    public async Task A_folder_that_exists_is_not_written_and_one_that_is_not_empty_not_restored_into()
    {
        Directory.CreateDirectory(Backup);
        await FailsAsync("exists already", "backup", Backup);
        Directory.Delete(Backup);
        await _program.RunAsync("backup", Backup);

        await FailsAsync("is not empty", "restore", Backup);
        await FailsAsync("is not a backup", "restore", Data, $"--CreditUsage:DataPath={_program.PathOf("elsewhere")}");
        await FailsAsync("There is no database", "backup", _program.PathOf("another"), $"--CreditUsage:DataPath={_program.PathOf("elsewhere")}");
    }

    [Theory]
    [InlineData("creditusage.db")]
    [InlineData("audit-anchor.json")]
    [InlineData("reports")]
    public async Task A_backup_with_a_changed_or_missing_file_is_refused_and_leaves_nothing(string part)
    {
        await _program.RunAsync("backup", Backup);
        var path = Path.Combine(Backup, part);
        if (Directory.Exists(path)) path = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).First();
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        var elsewhere = _program.PathOf("restored");

        await FailsAsync($"{path} is not what was backed up.", "restore", Backup, $"--CreditUsage:DataPath={elsewhere}");
        await FailsAsync($"{path} is not what was backed up.", "verify-data", Backup);
        File.Delete(path);
        await FailsAsync($"{path} is missing.", "restore", Backup, $"--CreditUsage:DataPath={elsewhere}");

        Assert.False(Directory.Exists(elsewhere) && Directory.EnumerateFileSystemEntries(elsewhere).Any());
    }

    [Fact]
    public async Task A_backup_of_changed_records_says_so_and_is_not_restored()
    {
        await RawData.RunAsync(Data, "UPDATE UsageEvents SET DurationMinutes = 26 WHERE EventId = 'A1'");
        await FailsAsync("The rows of August 2026, version 1 have changed since it was closed.", "verify-data");
        Assert.Equal(0, (await _program.RunAsync("backup", Backup)).ExitCode);
        var elsewhere = _program.PathOf("restored");

        await FailsAsync("The rows of August 2026, version 1 have changed since it was closed.", "restore", Backup, $"--CreditUsage:DataPath={elsewhere}");

        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public async Task No_backup_is_made_without_a_file_that_was_saved()
    {
        var pdf = Directory.EnumerateFiles(Path.Combine(Data, "reports"), "*.pdf", SearchOption.AllDirectories).Single();
        File.Delete(pdf);

        await FailsAsync($"{pdf} is missing.", "backup", Backup);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_program.Folder, "backup*"));
    }

    [Fact]
    public async Task A_manifest_that_leads_out_of_the_backup_is_refused()
    {
        await _program.RunAsync("backup", Backup);
        var path = Path.Combine(Backup, "manifest.json");
        var manifest = await File.ReadAllTextAsync(path);
        using (var json = JsonDocument.Parse(manifest)) Assert.Equal(4, json.RootElement.GetProperty("files").GetArrayLength());
        await File.WriteAllTextAsync(path, manifest.Replace("audit-anchor.json", "../usage.csv", StringComparison.Ordinal));

        await FailsAsync("names a file outside of itself", "restore", Backup, $"--CreditUsage:DataPath={_program.PathOf("restored")}");
    }

    private async Task FailsAsync(string sentence, params string[] words)
    {
        var (exitCode, output, errors) = await _program.RunAsync(words);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    private async Task<string> CsvAsync(string data)
    {
        var path = _program.PathOf("out.csv");
        var (exitCode, _, errors) = await _program.RunAsync("report", "--subscription", "1", "--month", "2026-08", "--format", "csv", "--out", path, $"--CreditUsage:DataPath={data}");
        Assert.True(exitCode == 0, errors);
        ClearPool(data);
        return await File.ReadAllTextAsync(path);
    }

    private static void ClearPool(string data)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "creditusage.db")}");
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>A data folder with a closed month, made once.</summary>
    public sealed class ClosedClinic : IAsyncLifetime
    {
        private readonly SiteProgram _made = new();

        public async Task InitializeAsync()
        {
            await _made.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-08-01");
            await _made.RunAsync("set-price", "--subscription", "1", "--from", "2026-08-01", "--gbp", "0.50");
            var csv = _made.PathOf("usage.csv");
            await File.WriteAllTextAsync(csv, CsvText.Of([CsvRow.Session("A1", "2026-08-03T09:00:00Z", minutes: 25), CsvRow.TopUp("A2", "2026-08-31"), CsvRow.Session("S1", "2026-09-30T23:59:59Z", minutes: 30)]));
            Assert.Equal(0, (await _made.RunAsync("import", csv, "--subscription", "1")).ExitCode);
            var closed = await _made.RunAsync("close-month", "--subscription", "1", "--month", "2026-08", "--note", "For the test");
            Assert.True(closed.ExitCode == 0, closed.Errors);
            // All into the one file that is copied.
            ClearPool(_made.PathOf("data"));
        }

        public Task DisposeAsync()
        {
            _made.Dispose();
            return Task.CompletedTask;
        }

        public SiteProgram Copied()
        {
            var program = new SiteProgram();
            foreach (var path in Directory.EnumerateFiles(_made.PathOf("data"), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(program.PathOf("data"), Path.GetRelativePath(_made.PathOf("data"), path));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(path, copy);
            }
            return program;
        }
    }
}
