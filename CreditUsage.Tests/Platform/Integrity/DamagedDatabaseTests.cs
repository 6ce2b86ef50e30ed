using System.Net;
using System.Text.Json;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data.Engines;
using CreditUsage.Platform;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Integrity;

/// <summary>Pages of the file are overwritten while the site is down, as a bad disk does; what still can be read may be wrong.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class DamagedDatabaseTests : IAsyncLifetime
{
    private const string September = "?year=2026&month=9&sessions=true&topUps=true";
    private const int PageBytes = 4096;
    private const byte LeafOfTable = 0x0D, LeafOfIndex = 0x0A;
    private const string Words = "The database is damaged. Restore it from a backup.";

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-damaged-").FullName;
    private Site? _site;
    private int _clinic;

    public async Task InitializeAsync()
    {
        await using var clinic = await ClosingClinic.OpenAsync(Started());
        _clinic = clinic.Id;
        for (var day = 1; day <= 28; day++) await clinic.ImportAsync([.. Enumerable.Range(0, 40).Select(i => CsvRow.Session($"D{day}-{i}", $"2026-09-{day:00}T09:00:00Z"))]);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        ClearPool();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Overwritten_pages_are_noticed_at_the_start_and_said_in_health_and_on_every_page()
    {
        await DamageAsync();
        using var visitor = await StartAsync();

        using var ready = await visitor.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var health = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
        Assert.Equal(("Unhealthy", Words), (Check("status"), Check("description")));
        var page = await visitor.PageAsync("/usage-report");
        Assert.Contains(Words, page.QuerySelector("[data-damaged]")!.TextContent, StringComparison.Ordinal);

        string? Check(string name) => health.RootElement.GetProperty("checks").GetProperty("integrity").GetProperty(name).GetString();
    }

    [Fact]
    public async Task Nothing_is_exported_saved_closed_or_imported_while_it_is_damaged()
    {
        await DamageAsync();
        using var visitor = await StartAsync();

        foreach (var way in new[] { "csv", "json", "xlsx", "pdf", "print" })
        {
            using var answer = await visitor.GetAsync($"/usage-report/{way}{September}");
            Assert.Equal((way, HttpStatusCode.ServiceUnavailable), (way, answer.StatusCode));
            Assert.Contains(Words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        foreach (var path in new[] { $"/usage-report/pdf{September}", "/months/2026-08?handler=Close", "/imports" })
        {
            using var answer = await visitor.PostAsync("/usage-report", path);
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, answer.StatusCode));
            Assert.Contains(Words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        // What a job or a verb would do goes past no request.
        Assert.StartsWith(Words, (await Assert.ThrowsAsync<UntrustedDataException>(() => _site!.InAsync(_clinic, services =>
            services.GetRequiredService<CloseMonth>().RunAsync(ClosingClinic.August, "Note", CancellationToken.None)))).Message, StringComparison.Ordinal);
        Assert.StartsWith(Words, (await Assert.ThrowsAsync<UntrustedDataException>(() => _site!.InAsync(_clinic, services => services.GetRequiredService<SaveReport>()
            .RunAsync(new(ReportFilter.Whole(ClosingClinic.August)), "test", rowsDone: null, CancellationToken.None)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_engine_itself_calls_damaged_is_answered_in_words_and_remembered()
    {
        using var visitor = await StartAsync();
        using (var sound = await visitor.GetAsync("/health/ready")) Assert.Contains("\"sound\"", await sound.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await DamageAsync(every: 1, andIndexes: true);

        var answer = await visitor.GetAsync($"/usage-report/csv{September}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(Words, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        answer.Dispose();
        using var ready = await visitor.GetAsync("/health/ready");
        Assert.Contains(Words, await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_told_from_other_failures()
    {
        Assert.True(DatabaseFailure.IsDamaged(new SqliteException("malformed", 11)));
        Assert.True(DatabaseFailure.IsDamaged(new InvalidOperationException("", new SqliteException("not a database", 26))));
        Assert.False(DatabaseFailure.IsDamaged(new SqliteException("busy", 5)));
        Assert.False(DatabaseFailure.IsDamaged(new IOException()));
    }

    private async Task<Visitor> StartAsync()
    {
        _site = Started();
        _site.UseKestrel(0);
        _site.StartServer();
        return await Visitor.SignedInAsync(_site, ClosingClinic.Finance);
    }

    private Site Started() => new Site(prepared: false) { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:DataPath", _folder);

    /// <summary>Some of the pages that hold events, so that the rest of the site works.</summary>
    /// <param name="andIndexes">A month is read from an index alone.</param>
    private async Task DamageAsync(int every = 3, bool andIndexes = false)
    {
        ClearPool();
        await using var file = new FileStream(Path.Combine(_folder, "creditusage.db"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var (page, found) = (new byte[PageBytes], 0);
        for (var begins = 0L; begins < file.Length; begins += PageBytes)
        {
            file.Position = begins;
            await file.ReadExactlyAsync(page);
            if (!(page[0] == LeafOfTable || (andIndexes && page[0] == LeafOfIndex)) || page.AsSpan().IndexOf("D28-"u8) + page.AsSpan().IndexOf("D14-"u8) + page.AsSpan().IndexOf("D7-"u8) < -2 || found++ % every != 0) continue;
            file.Position = begins;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5A, PageBytes).ToArray());
        }
        Assert.NotEqual(0, found);
    }

    /// <summary>What was written is in the one file then.</summary>
    private void ClearPool()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "creditusage.db")}");
        SqliteConnection.ClearPool(connection);
    }
}
