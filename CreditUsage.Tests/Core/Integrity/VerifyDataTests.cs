using System.Text.Json;
using CreditUsage.Core.Integrity;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Integrity;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Integrity;

/// <summary>The check of the night walks everything, and what it finds is said in /health/ready and on Home.</summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.TamperedMonth)]
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class VerifyDataTests : IAsyncLifetime
{
    private ClosingClinic _clinic = null!;
    private MonthClosing _august = null!;
    private MonthClosing _september = null!;

    public async Task InitializeAsync()
    {
        _clinic = await ClosingClinic.OpenAsync();
        await _clinic.Site.RecordAsync(_clinic.Id, Ledgers.Purchase("2026-08-12", 2, 50, 4_800, 800, "INV-1"));
        _august = await _clinic.CloseAsync(ClosingClinic.August);
        _september = await _clinic.CloseAsync(ClosingClinic.September);
        Assert.Null(await FirstWrongAsync());
    }

    public async Task DisposeAsync() => await _clinic.DisposeAsync();

    [Theory]
    [InlineData("UPDATE UsageEvents SET ClientId = NULL WHERE EventId = 'A1'", "The rows of August 2026, version 1 have changed since it was closed.")]
    [InlineData("UPDATE UsageEvents SET Credits = 2, CostPence = 100 WHERE EventId = 'O1'; UPDATE UsageEvents SET CostPence = 101 WHERE EventId = 'O1'", "event O1: its cost is not its credits at its price.")]
    [InlineData("DELETE FROM UsageEvents WHERE EventId = 'O1'", "intake 1 brought 4 events, and 3 are stored.")]
    [InlineData("UPDATE LedgerEntries SET Credits = Credits + 1", "August 2026, version 1: 0 credits before it and 94 after it were kept, and the ledger comes to 0 and 95.")]
    [InlineData("UPDATE MonthClosings SET OpeningCredits = 95 WHERE Version = 1 AND OpeningCredits = 94", "September 2026, version 1: 95 credits before it")]
    [InlineData("UPDATE MonthClosings SET RowsSha256 = (SELECT RowsSha256 FROM MonthClosings ORDER BY Id DESC LIMIT 1)", "August 2026, version 1: the audit has no such closing.")]
    [InlineData("UPDATE AuditEntries SET Detail = replace(Detail, 'v1', 'v2') WHERE Action = 40", "audit entry")]
    [InlineData("DELETE FROM SavedReports WHERE Number = 1", "The database is damaged. Restore it from a backup. (a row of MonthClosings names one of SavedReports")]
    public async Task The_first_that_does_not_hold_is_named(string change, string problem)
    {
        Assert.NotEqual(0, await RawData.RunAsync(_clinic.Site.DataPath, change));

        Assert.Contains(problem, await FirstWrongAsync() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Swapped_and_missing_files_are_named()
    {
        var (august, september) = (await _clinic.FileAsync(_august.RowsSha256, "json"), await _clinic.FileAsync(_september.RowsSha256, "json"));
        await File.WriteAllBytesAsync(PathOf(_august.RowsSha256, "json"), september);
        await File.WriteAllBytesAsync(PathOf(_september.RowsSha256, "json"), august);
        Assert.Contains("August 2026, version 1: the file of its rows is missing or not what was kept.", await FirstWrongAsync(), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(PathOf(_august.RowsSha256, "json"), august);
        await File.WriteAllBytesAsync(PathOf(_september.RowsSha256, "json"), september);
        Assert.Null(await FirstWrongAsync());

        File.Delete(PathOf(_september.PdfSha256, "pdf"));

        Assert.Contains("its file is missing or not what was kept.", await FirstWrongAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_entries_that_are_cut_off_are_noticed_by_the_file_beside_the_database()
    {
        var file = Path.Combine(_clinic.Site.DataPath, "audit-anchor.json");
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(2, lines.Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        using var newest = JsonDocument.Parse(lines[1]);
        Assert.Equal(_clinic.Id, newest.RootElement.GetProperty("subscription").GetInt32());
        var cut = newest.RootElement.GetProperty("sequence").GetInt64();

        Assert.NotEqual(0, await RawData.RunAsync(_clinic.Site.DataPath, $"DELETE FROM AuditEntries WHERE Sequence >= {cut}"));

        Assert.Contains($"audit entry {cut} was changed or removed.", await FirstWrongAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_entries_that_are_cut_off_are_noticed_by_the_saved_reports()
    {
        // September's PDF was made when the closing of August was the newest entry.
        var august = await RawData.ReadAsync(_clinic.Site.DataPath, "SELECT min(Sequence) FROM AuditEntries WHERE Action = 40");
        File.Delete(Path.Combine(_clinic.Site.DataPath, "audit-anchor.json"));
        await RawData.RunAsync(_clinic.Site.DataPath, $"DELETE FROM AuditEntries WHERE Sequence >= {august}");

        Assert.Contains($"audit entry {august} was changed or removed.", await FirstWrongAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_night_finds_is_kept_and_said_in_health_and_on_home()
    {
        using var visitor = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Administrator);
        await NightAsync();
        Assert.Equal("Healthy", await HealthAsync(visitor, "data"));
        Assert.Null((await visitor.PageAsync("/dashboard")).QuerySelector("[data-attention=data]"));
        await RawData.RunAsync(_clinic.Site.DataPath, "UPDATE UsageEvents SET CostPence = CostPence + 100 WHERE EventId = 'A1'");

        await NightAsync();

        Assert.Equal("Degraded", await HealthAsync(visitor, "data"));
        var home = await visitor.PageAsync("/dashboard");
        Assert.Contains("event A1: its cost is not its credits at its price.", home.QuerySelector("[data-attention=data]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("event A1", home.QuerySelector("[data-check=records]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("2|1", await RawData.ReadAsync(_clinic.Site.DataPath, "SELECT Kind || '|' || (Problem LIKE '%event A1%') FROM DataChecks WHERE Problem IS NOT NULL"));
        // What was found survives the process.
        var anew = new DataChecks(_clinic.Site.Services.GetRequiredService<IServiceScopeFactory>(), _clinic.Site.Clock);
        await anew.LoadAsync(CancellationToken.None);
        Assert.NotNull(anew.Find(CreditUsage.Domain.Integrity.DataCheckKind.Records, _clinic.Id)?.Problem);
    }

    [Fact]
    public async Task A_check_that_has_not_run_for_two_nights_is_said()
    {
        using var visitor = await Visitor.SignedInAsync(_clinic.Site, ClosingClinic.Administrator);
        await NightAsync();

        _clinic.Site.Clock.Advance(TimeSpan.FromHours(49));

        Assert.Equal("Degraded", await HealthAsync(visitor, "data"));
    }

    [Fact]
    public async Task Each_night_writes_down_the_newest_audit_entry()
    {
        await _clinic.Site.RecordAsync(_clinic.Id, Ledgers.Purchase("2026-10-12", 2, 50, 4_800, 800, "INV-2"));
        await NightAsync();

        var newest = JsonDocument.Parse((await File.ReadAllLinesAsync(Path.Combine(_clinic.Site.DataPath, "audit-anchor.json")))[^1]).RootElement;

        Assert.Equal(await RawData.ReadAsync(_clinic.Site.DataPath, "SELECT max(Sequence) FROM AuditEntries"), newest.GetProperty("sequence").GetRawText());
    }

    private Task NightAsync() => CheckDataJob.RunAsync(_clinic.Site.Services.GetRequiredService<IServiceScopeFactory>(), _clinic.Site.Services.GetRequiredService<DataChecks>(), CancellationToken.None);

    private async Task<string?> FirstWrongAsync()
    {
        await using var scope = _clinic.Site.Services.CreateAsyncScope();
        await foreach (var verified in scope.ServiceProvider.GetRequiredService<VerifyData>().RunAsync(CancellationToken.None))
            if (verified.Problem is not null)
                return verified.Problem;
        return null;
    }

    private string PathOf(string sha256, string extension) => Path.Combine(_clinic.Site.DataPath, "reports", sha256[..2], $"{sha256}.{extension}");

    private static async Task<string?> HealthAsync(Visitor visitor, string check)
    {
        using var answer = await visitor.GetAsync("/health/ready");
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return health.RootElement.GetProperty("checks").GetProperty(check).GetProperty("status").GetString();
    }
}
