using System.Diagnostics;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>A site that is killed takes its engine with it, and the next start sweeps what it left.</summary>
public sealed class EngineOfAKilledSiteTests : IDisposable
{
    private readonly SiteProgram _program = new();
    private readonly FakeEngine _engine = new();

    private string Jobs => Path.Combine(_program.PathOf("data"), "pdf-jobs");

    private string[] Report => ["report", "--subscription", "1", "--month", "2026-01", "--format", "pdf", "--out", _program.PathOf("out.pdf")];

    public void Dispose()
    {
        _program.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public async Task Killed_while_its_engine_works_a_site_leaves_nothing_running_and_the_next_sweeps_its_folder()
    {
        await _program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01");
        _engine.Do("sleep SLEEP & wait");
        using var site = Start();
        await Wait.UntilAsync(() =>
        {
            Assert.False(site.HasExited, "It ended by itself.");
            return _engine.Sleeps();
        });

        site.Kill();
        await site.WaitForExitAsync();

        await _engine.NothingRunsAsync();
        Assert.NotEmpty(Directory.EnumerateDirectories(Jobs));
        _engine.Do(FakeEngine.Honest);
        Assert.Equal(0, (await _program.RunAsync([.. Report, $"--CreditUsage:Pdf:WkhtmltopdfPath={_engine.Program}"])).ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Jobs));
        Assert.StartsWith("%PDF-", await File.ReadAllTextAsync(_program.PathOf("out.pdf")), StringComparison.Ordinal);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CreditUsage.Web.dll"), .. Report]) { WorkingDirectory = _program.Folder, UseShellExecute = false };
        start.Environment["CreditUsage__DataPath"] = _program.PathOf("data");
        foreach (var (key, value) in TestDatabase.SettingsOf(_program.PathOf("data"))) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["CreditUsage__Pdf__WkhtmltopdfPath"] = _engine.Program;
        start.Environment["CreditUsage__Pdf__TimeoutSeconds"] = "600";
        return Process.Start(start)!;
    }
}
