using System.Globalization;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Corrections;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Backups;

/// <summary>From SQLite to a PostgreSQL server of its own, and back: everything is there, to the byte.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class CopyDatabaseTests : IAsyncLifetime
{
    private readonly SiteProgram _program = new();
    private PostgresServer _server = null!;
    private ClosingClinic _clinic = null!;

    private string Copy => $"{_server.Connection};Database=copy";

    /// <summary>As the site's own role, which owns nothing.</summary>
    private string[] OnCopy => ["--CreditUsage:Database:Provider=PostgreSql", $"--ConnectionStrings:CreditUsage={Copy};Username={PostgresServer.SiteRole}"];

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        try
        {
            await FillAsync();
        }
        catch
        {
            // Nothing is disposed of what did not begin.
            await _server.DisposeAsync();
            throw;
        }
    }

    private async Task FillAsync()
    {
        _clinic = await ClosingClinic.OpenAsync(new Site { ChangeServices = QuickEngine.AddTo });
        await _clinic.CloseAsync(ClosingClinic.August);
        await _clinic.ImportAsync(CsvRow.Session("P1", "2026-09-10T10:00:00Z", minutes: 10));
        await _clinic.InAsync(services => services.GetRequiredService<CorrectUsage>().ReverseAsync("P1", "Typed twice", CancellationToken.None));
        using var finance = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Finance);
        var seen = await finance.CheckedAsync(_clinic.Site, _clinic.Id, CsvText.Of(CsvRow.Session("F1", "2026-09-01T09:30:00Z"), "nonsense"));
        Assert.Equal((UsageImportState.Checked, 1), (seen.State, seen.ErrorCount));
    }

    public async Task DisposeAsync()
    {
        await _clinic.DisposeAsync();
        await _server.DisposeAsync();
        _program.Dispose();
    }

    [Fact]
    public async Task Everything_goes_there_and_back_and_holds()
    {
        var before = await ReportAsync("before.csv");
        var there = await RunAsync("copy-database", "--to", Copy);
        Assert.Contains("Everything holds", there, StringComparison.Ordinal);
        Assert.Contains("2 files of reports\n", there.Replace("\r", "", StringComparison.Ordinal).Replace(", 5 files of imports", "", StringComparison.Ordinal), StringComparison.Ordinal);

        await GiveRightsAsync();
        var back = await RunAsync([.. OnCopy, "copy-database", "--to", _program.PathOf("back")]);

        Assert.Equal(Tables(there), Tables(back));
        Assert.Contains("Everything holds", back, StringComparison.Ordinal);
        Assert.Equal(Files(_clinic.Site.DataPath), Files(_program.PathOf("back")));
        Assert.Equal(before, await ReportAsync("after.csv", OnCopy));
        // What is written next is numbered after what was copied.
        Assert.Contains("1 accepted", await RunAsync([.. OnCopy, "import", await FileAsync("N1"), "--subscription", Subscription]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_has_rows_is_refused_and_stays_as_it_is()
    {
        await RunAsync("copy-database", "--to", Copy);

        var (code, _, errors) = await _program.RunAsync([.. OnSource, "copy-database", "--to", Copy]);

        await GiveRightsAsync();
        Assert.Equal(1, code);
        Assert.Matches("^The table [A-Za-z]+ of the database to copy to has rows. Name an empty database.\r?\n$", errors);
        Assert.Contains("Everything holds", await RunAsync([.. OnCopy, "verify-data"]), StringComparison.Ordinal);
        var (folder, _, exists) = await _program.RunAsync([.. OnSource, "copy-database", "--to", _clinic.Site.DataPath]);
        Assert.Equal((1, $"{_clinic.Site.DataPath} exists already. Name a folder that does not."), (folder, exists.TrimEnd()));
    }

    private Task<string> GiveRightsAsync() => RunAsync([.. OnCopy, $"--ConnectionStrings:CreditUsageMigrations={Copy}", "migrate"]);

    private string Subscription => _clinic.Id.ToString(CultureInfo.InvariantCulture);

    private async Task<string> ReportAsync(string name, params string[] settings)
    {
        await RunAsync([.. settings, "report", "--month", "2026-08", "--subscription", Subscription, "--format", "csv", "--out", _program.PathOf(name)]);
        return await File.ReadAllTextAsync(_program.PathOf(name));
    }

    private string[] OnSource => [$"--CreditUsage:DataPath={_clinic.Site.DataPath}"];

    private async Task<string> RunAsync(params string[] words)
    {
        var (code, output, errors) = await _program.RunAsync([.. OnSource, .. words]);
        Assert.True(code == 0, $"{output}{errors}");
        return output;
    }

    private async Task<string> FileAsync(string id)
    {
        var path = _program.PathOf($"{id}.csv");
        await File.WriteAllTextAsync(path, CsvText.Of(CsvRow.Session(id, "2026-09-11T10:00:00Z")));
        return path;
    }

    /// <summary>With the hash of each.</summary>
    private static IEnumerable<string> Tables(string output) => output.Split('\n').Where(line => line.Contains("SHA-256", StringComparison.Ordinal));

    private static IEnumerable<string> Files(string dataFolder) => new[] { "reports", "imports" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(dataFolder, folder), "*", SearchOption.AllDirectories))
        .Select(file => $"{Path.GetRelativePath(dataFolder, file)} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}").Order(StringComparer.Ordinal);
}
