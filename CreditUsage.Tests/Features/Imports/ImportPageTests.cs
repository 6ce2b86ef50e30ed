using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>A file's way through the Imports page: uploaded, checked by a job, looked at, and stored or not.</summary>
public sealed class ImportPageTests : IAsyncLifetime
{
    private const string Finance = "finance@clinic.example";
    private const string Auditor = "auditor@clinic.example";

    private readonly Site _site = new();
    private int _clinic;
    private Visitor _finance = null!;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
        await _site.UserAsync(_clinic, Auditor, Roles.Auditor);
        _finance = await Visitor.SignedInAsync(_site, Finance);
    }

    public async Task DisposeAsync()
    {
        _finance.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_checked_shown_and_stored_only_once_Import_is_chosen()
    {
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));
        var text = CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "2026-10-02T09:30:00Z"), CsvRow.TopUp("E3", "2026-10-03"));

        var seen = await _finance.CheckedAsync(_site, _clinic, text, "October.csv");

        Assert.Equal((UsageImportState.Checked, 3, 3, 2, 1, 0), (seen.State, seen.Rows, seen.RowsDone, seen.Accepted, seen.Duplicates, seen.ErrorCount));
        Assert.Equal(("October.csv", Sha256(text), Encoding.UTF8.GetByteCount(text), Finance), (seen.FileName, seen.Sha256, seen.SizeBytes, seen.UploadedBy));
        Assert.Equal(1, await CountAsync(db => db.UsageEvents));
        Assert.Equal(["3", "2", "1", "0"], await FiguresAsync(seen.Id));

        var stored = await _finance.StoreAsync(_site, _clinic, seen.Id);

        Assert.Equal((UsageImportState.Stored, 2, 1, Finance), (stored.State, stored.Accepted, stored.Duplicates, stored.StoredBy));
        Assert.Equal(["E1", "E2", "E3"], await InAsync(db => db.UsageEvents.OrderBy(usage => usage.EventId).Select(usage => usage.EventId).ToListAsync()));
        var intake = await InAsync(db => db.UsageIntakes.SingleAsync(intake => intake.Id == stored.IntakeId));
        Assert.Equal((2, 1, Finance), (intake.Accepted, intake.Duplicates, intake.RecordedBy));
        var entry = await InAsync(db => db.AuditEntries.OrderByDescending(entry => entry.Sequence).FirstAsync());
        Assert.Equal((AuditAction.Import, Finance), (entry.Action, entry.Actor));
        Assert.Contains("2 accepted, 1 duplicate", entry.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("October", entry.Subject + entry.Detail, StringComparison.Ordinal);
        var page = await _finance.PageAsync($"/imports/{seen.Id}");
        Assert.Contains("Stored at 22/11/2026 12:00 GMT", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#import-state form"));
    }

    [Fact]
    public async Task A_file_with_errors_shows_each_with_line_column_and_reason_and_cannot_be_stored()
    {
        var text = CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "=yesterday"), CsvRow.Session("E3", "2026-10-01T09:30:00Z", minutes: 9999), "E4,connected-session");
        var seen = await _finance.CheckedAsync(_site, _clinic, text);

        var page = await _finance.PageAsync($"/imports/{seen.Id}");
        Assert.Equal(["3 occurred_at", "4 duration_minutes", "5 row"], page.QuerySelectorAll("tr[data-line]").Select(row => $"{row.Children[0].TextContent} {row.Children[1].TextContent}"));
        Assert.Equal(["Discard"], page.QuerySelectorAll("#import-state button").Select(button => button.TextContent));
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        using var refused = await _finance.PostAsync("/imports", $"/imports/{seen.Id}/store");
        Assert.Equal(UsageImportState.Checked, (await _site.ImportRowAsync(_clinic, seen.Id)).State);

        using var auditor = await Visitor.SignedInAsync(_site, Auditor);
        using var faults = await auditor.GetAsync($"/imports/{seen.Id}/faults.csv");
        var lines = (await faults.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n");
        Assert.Equal(("Line,Column,What is wrong", 5, ""), (lines[0], lines.Length, lines[4]));
        Assert.StartsWith("3,occurred_at,", lines[1], StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(db => db.UsageEvents));
    }

    [Fact]
    public async Task More_than_a_thousand_errors_are_listed_up_to_a_thousand_and_all_in_the_download()
    {
        var seen = await _finance.CheckedAsync(_site, _clinic, CsvText.Of([.. Enumerable.Range(1, 1234).Select(i => CsvRow.Session($"E{i}", "yesterday"))]));
        Assert.Equal(1234, seen.ErrorCount);
        var page = await _finance.PageAsync($"/imports/{seen.Id}");
        Assert.Equal(Enumerable.Range(2, 1000).Select(line => $"{line}"), page.QuerySelectorAll("tr[data-line]").Select(row => row.GetAttribute("data-line")!));
        Assert.Contains("and 234 more", page.QuerySelector("#import-state")!.TextContent, StringComparison.Ordinal);
        using var faults = await _finance.GetAsync($"/imports/{seen.Id}/faults.csv");
        Assert.Equal(1236, (await faults.Content.ReadAsStringAsync()).Split("\r\n").Length);
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<IEnumerable<string>> FiguresAsync(Guid id) => (await _finance.PageAsync($"/imports/{id}")).QuerySelectorAll("[data-figure]").Select(figure => figure.TextContent);

    private Task<int> CountAsync<T>(Func<CreditUsageDb, IQueryable<T>> rows) => InAsync(db => rows(db).CountAsync());

    private Task<T> InAsync<T>(Func<CreditUsageDb, Task<T>> ask) => _site.InAsync(_clinic, services => ask(services.GetRequiredService<CreditUsageDb>()));
}
