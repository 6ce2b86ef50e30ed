using System.Text.Json;
using CreditUsage.Core.Backups;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace CreditUsage.Tests.Features.Backups;

/// <summary>The backups that the site makes by itself, where settings name a folder.</summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class NightlyBackupTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-nightly-").FullName;
    private ClosingClinic _clinic = null!;

    public async Task InitializeAsync()
    {
        _clinic = await ClosingClinic.OpenAsync(new Site { ChangeServices = QuickEngine.AddTo }.With("CreditUsage:Backup:Path", _folder).With("CreditUsage:Backup:KeepDays", "2"));
        await Wait.UntilAsync(() => _clinic.Site.EndedJobs.Has(BackupJob.Key));
        // The job engine goes by the test's clock too, and would make the next ones beside the test.
        await (await _clinic.Site.Services.GetRequiredService<ISchedulerFactory>().GetScheduler()).PauseJob(BackupJob.Key);
    }

    public async Task DisposeAsync()
    {
        await _clinic.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task One_is_made_each_night_and_kept_for_as_long_as_the_setting_says()
    {
        // The site's first start missed a night.
        Assert.Equal(["creditusage-2026-11-22T120000Z"], Names());
        // What others put there, and what a killed backup left.
        Directory.CreateDirectory(Path.Combine(_folder, "holiday pictures"));
        Directory.CreateDirectory(Path.Combine(_folder, "creditusage-2026-11-21T011500Z.unfinished"));
        await NightAsync(hours: 1);
        Assert.Contains("creditusage-2026-11-21T011500Z.unfinished", Names());

        foreach (var _ in Enumerable.Range(0, 3)) await NightAsync(hours: 24);

        Assert.Equal(["creditusage-2026-11-23T130000Z", "creditusage-2026-11-24T130000Z", "creditusage-2026-11-25T130000Z", "holiday pictures"], Names());
        var newest = Path.Combine(_folder, "creditusage-2026-11-25T130000Z");
        Assert.Null(await (await BackupManifest.ReadAsync(newest, CancellationToken.None)).FirstWrongAsync(newest, CancellationToken.None));
    }

    [Fact]
    public async Task Its_age_is_in_health_and_on_an_administrators_home()
    {
        using var administrator = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Administrator);
        using var finance = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Finance);
        Assert.Equal("The last backup was made on 22/11/2026 12:00 GMT.", (await administrator.PageAsync("/dashboard")).QuerySelector("[data-check=backup]")!.TextContent.Trim());
        Assert.Null((await finance.PageAsync("/dashboard")).QuerySelector("[data-check]"));

        _clinic.Site.Clock.Advance(TimeSpan.FromHours(47));
        Assert.Equal(("Healthy", 47), await HealthAsync(administrator));
        _clinic.Site.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(("Degraded", 49), await HealthAsync(administrator));
    }

    [Fact]
    public async Task One_that_cannot_be_made_is_said_and_takes_no_earlier_one_with_it()
    {
        var closing = await _clinic.CloseAsync(ClosingClinic.August);
        File.Delete(Path.Combine(_clinic.Site.DataPath, "reports", closing.PdfSha256[..2], closing.PdfSha256 + ".pdf"));

        await NightAsync(hours: 24 * 5);

        Assert.Equal(["creditusage-2026-11-22T120000Z"], Names());
        using var administrator = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Administrator);
        Assert.Equal(("Degraded", 24 * 5), await HealthAsync(administrator));
        Assert.Contains("is missing. Restore it from an earlier backup", (await administrator.PageAsync("/dashboard")).QuerySelector("[data-check=backup]")!.TextContent, StringComparison.Ordinal);
    }

    private async Task NightAsync(int hours)
    {
        _clinic.Site.Clock.Advance(TimeSpan.FromHours(hours));
        await ActivatorUtilities.CreateInstance<BackupJob>(_clinic.Site.Services).Execute(null!, CancellationToken.None);
    }

    private IReadOnlyList<string> Names() => [.. Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static async Task<(string? Status, int AgeHours)> HealthAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync("/health/ready");
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var backup = health.RootElement.GetProperty("checks").GetProperty("backup");
        return (backup.GetProperty("status").GetString(), backup.GetProperty("data").GetProperty("ageHours").GetInt32());
    }
}
