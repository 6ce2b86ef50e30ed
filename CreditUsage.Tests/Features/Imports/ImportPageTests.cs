using System.Net;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>A file's way through the Imports page: uploaded, checked by a job, looked at, and stored or not.</summary>
public sealed class ImportPageTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    private static readonly string One = CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"));

    [Fact]
    public async Task A_file_is_checked_shown_and_stored_only_once_Import_is_chosen()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));
        var text = CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "2026-10-02T09:30:00Z"), CsvRow.TopUp("E3", "2026-10-03"));

        var seen = await clinic.CheckedAsync(text, "October.csv");

        Assert.Equal((UsageImportState.Checked, 3, 3, 2, 1, 0), (seen.State, seen.Rows, seen.RowsDone, seen.Accepted, seen.Duplicates, seen.ErrorCount));
        Assert.Equal(("October.csv", Sha256(text), Encoding.UTF8.GetByteCount(text), clinic.Email), (seen.FileName, seen.Sha256, seen.SizeBytes, seen.UploadedBy));
        Assert.Equal(["E1"], await clinic.EventIdsAsync());
        Assert.Equal(["3", "2", "1", "0"], (await clinic.PageAsync(seen.Id)).QuerySelectorAll("[data-figure]").Select(figure => figure.TextContent));

        var stored = await clinic.StoreAsync(seen.Id);

        Assert.Equal((UsageImportState.Stored, 2, 1, clinic.Email), (stored.State, stored.Accepted, stored.Duplicates, stored.StoredBy));
        Assert.Equal(["E1", "E2", "E3"], await clinic.EventIdsAsync());
        var intake = await clinic.InAsync(db => db.UsageIntakes.SingleAsync(intake => intake.Id == stored.IntakeId));
        Assert.Equal((2, 1, clinic.Email), (intake.Accepted, intake.Duplicates, intake.RecordedBy));
        var entry = await clinic.InAsync(db => db.AuditEntries.OrderByDescending(entry => entry.Sequence).FirstAsync());
        Assert.Equal((AuditAction.Import, clinic.Email), (entry.Action, entry.Actor));
        Assert.Contains("2 accepted, 1 duplicate", entry.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("October", entry.Subject + entry.Detail, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(clinics.Folder, $"{seen.Id:N}.csv")));
        var page = await clinic.PageAsync(seen.Id);
        Assert.Contains("Imported 22/11/2026 12:00 GMT", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#import-state form"));
    }

    [Fact]
    public async Task A_file_with_errors_shows_each_with_line_column_and_reason_and_cannot_be_stored()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E0", "2026-10-01T09:30:00Z"));
        var seen = await clinic.CheckedAsync(CsvText.Of(
            CsvRow.Session("E0", "2026-10-01T09:31:00Z"), CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "=yesterday"), CsvRow.Session("E3", "2026-10-01T09:30:00Z", minutes: 9999), "E4,connected-session"));

        var page = await clinic.PageAsync(seen.Id);
        Assert.Equal(["2 occurred_at", "4 occurred_at", "5 duration_minutes", "6 row"], page.QuerySelectorAll("tr[data-line]").Select(row => $"{row.Children[0].TextContent} {row.Children[1].TextContent}"));
        // Its one new event looks recorded already.
        Assert.Equal(["Discard", "Leave it out"], page.QuerySelectorAll("#import-state button").Select(button => button.TextContent));
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Equal(UsageImportState.Checked, (await clinic.StoreAsync(seen.Id)).State);
        Assert.Equal(["E0"], await clinic.EventIdsAsync());

        using var faults = await clinic.Visitor.GetAsync($"/imports/{seen.Id}/faults.csv");
        var bytes = await faults.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        Assert.Equal(("Line,Column,What is wrong", 6, ""), (lines[0], lines.Length, lines[5]));
        Assert.StartsWith("4,occurred_at,", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_a_thousand_errors_are_listed_up_to_a_thousand_and_all_in_the_download()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(CsvText.Of([.. Enumerable.Range(1, 1234).Select(i => CsvRow.Session($"E{i}", i % 2 == 0 ? "yesterday" : "2026-10-01"))]));
        Assert.Equal(1234, seen.ErrorCount);
        var page = await clinic.PageAsync(seen.Id);
        Assert.Equal(Enumerable.Range(2, 1000).Select(line => $"{line}"), page.QuerySelectorAll("tr[data-line]").Select(row => row.GetAttribute("data-line")!));
        Assert.Contains("and 234 more", page.QuerySelector("#import-state")!.TextContent, StringComparison.Ordinal);
        using var faults = await clinic.Visitor.GetAsync($"/imports/{seen.Id}/faults.csv");
        Assert.Equal(1236, (await faults.Content.ReadAsStringAsync()).Split("\r\n").Length);
    }

    [Fact]
    public async Task While_rows_are_gone_through_the_page_says_how_many_and_asks_again_until_it_is_done()
    {
        using var clinic = await clinics.ClinicAsync();
        var import = await InsertAsync(clinic, UsageImportState.Checking, rows: 10_000, done: 4_000);

        using var running = await clinic.Visitor.GetFragmentAsync($"/imports/{import}");
        var fragment = (await Visitor.ReadAsync(running)).QuerySelector("#import-state")!;
        Assert.Equal(["HX-Request"], running.Headers.Vary);
        Assert.Contains("4,000 of 10,000 rows", fragment.TextContent, StringComparison.Ordinal);
        Assert.Equal(("10000", "4000"), (fragment.QuerySelector("progress")!.GetAttribute("max"), fragment.QuerySelector("progress")!.GetAttribute("value")));
        Assert.Equal(($"/imports/{import}", "every 500ms"), (fragment.GetAttribute("hx-get"), fragment.GetAttribute("hx-trigger")));
        Assert.Contains("Refresh", fragment.QuerySelector("noscript")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("<section id=\"import-state\"", (await running.Content.ReadAsStringAsync()).Trim(), StringComparison.Ordinal);

        await clinic.InAsync(db => db.UsageImports.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Storing)));
        Assert.NotNull((await clinic.PageAsync(import)).QuerySelector("#import-state[hx-get] progress:not([value])"));
        await clinic.InAsync(db => db.UsageImports.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, UsageImportState.Checked)));
        Assert.Null((await clinic.PageAsync(import)).QuerySelector("#import-state[hx-get], #import-state[hx-trigger]"));
    }

    [Fact]
    public async Task Rows_with_nothing_in_them_are_counted_in_the_preview_and_stored_as_shown()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z"), ",,,,,,,,,,,,", ",,,,,,,,,,,,"));

        var page = await clinic.PageAsync(seen.Id);
        Assert.Equal(["1", "1", "0", "0"], page.QuerySelectorAll("[data-figure]").Select(figure => figure.TextContent));
        Assert.Contains("2 rows have no data and are left out.", page.QuerySelector(".alert-info")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(UsageImportState.Stored, (await clinic.StoreAsync(seen.Id)).State);
    }

    [Fact]
    public async Task The_history_has_every_import_in_pages_the_latest_first()
    {
        using var clinic = await clinics.ClinicAsync();
        for (var i = 1; i <= 51; i++) await InsertAsync(clinic, UsageImportState.Discarded, rows: i, done: i, minutes: i);

        var latest = await clinic.Visitor.PageAsync("/imports");
        Assert.Equal(Enumerable.Range(2, 50).Reverse().Select(rows => $"{rows}"), latest.QuerySelectorAll("tr[data-import]").Select(row => row.Children[3].TextContent));
        Assert.Equal(["22/11/2026 12:51 GMT", "somebody", "file.csv", "51", "0", "0", "0", "Discarded", new string('a', 64)], latest.QuerySelector("tr[data-import]")!.Children.Select(cell => cell.TextContent.Trim()));
        var older = await clinic.Visitor.PageAsync(latest.QuerySelector("nav.result-actions a")!.GetAttribute("href")!);
        Assert.Equal(["1"], older.QuerySelectorAll("tr[data-import]").Select(row => row.Children[3].TextContent));
        foreach (var nowhere in new[] { "3", "0", "-1", "99999999999", "x" })
        {
            using var answer = await clinic.Visitor.GetAsync($"/imports?page={nowhere}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_auditor_sees_everything_and_is_offered_nothing()
    {
        using var clinic = await clinics.ClinicAsync(Roles.Auditor);
        Assert.Null((await clinic.Visitor.PageAsync("/imports")).QuerySelector("[data-empty]")!.QuerySelector("a"));
        var import = await InsertAsync(clinic, UsageImportState.Checked, rows: 3, done: 3);

        var (list, page) = (await clinic.Visitor.PageAsync("/imports"), await clinic.PageAsync(import));

        Assert.Single(list.QuerySelectorAll("tr[data-import]"));
        Assert.Empty(list.QuerySelectorAll("main form, main input"));
        Assert.Empty(page.QuerySelectorAll("main form, main button"));
        foreach (var act in new[] { "store", "discard" })
        {
            using var answer = await clinic.Visitor.PostAsync("/imports", $"/imports/{import}/{act}");
            Assert.Contains("AccessDenied", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }
        Assert.Equal(UsageImportState.Checked, (await clinics.Site.ImportRowAsync(clinic.Id, import)).State);
    }

    [Fact]
    public async Task Another_clinics_import_is_nowhere()
    {
        using var clinic = await clinics.ClinicAsync();
        using var other = await clinics.ClinicAsync();
        var theirs = await other.CheckedAsync(CsvText.Of(CsvRow.Session("E1", "yesterday")));

        Assert.Empty((await clinic.Visitor.PageAsync("/imports")).QuerySelectorAll("tr[data-import]"));
        foreach (var path in new[] { "", "/faults.csv" })
        {
            using var answer = await clinic.Visitor.GetAsync($"/imports/{theirs.Id}{path}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        foreach (var act in new[] { "store", "discard" })
        {
            using var answer = await clinic.Visitor.PostAsync("/imports", $"/imports/{theirs.Id}/{act}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Equal(UsageImportState.Checked, (await clinics.Site.ImportRowAsync(other.Id, theirs.Id)).State);
    }

    [Fact]
    public async Task What_a_file_and_its_rows_are_called_is_text_on_the_page()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(CsvText.Of(CsvRow.Session("<b>bold</b>", "<i>when</i>")), "<img src=x>.csv");
        using var answer = await clinic.Visitor.GetAsync($"/imports/{seen.Id}");
        var html = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x&gt;.csv", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_leaves_its_import_in_the_history_and_the_audit_and_a_dry_run_nothing()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinics.Site.ImportTextAsync(clinic.Id, One, dryRun: true);
        Assert.Equal((0, 0, 0), await clinic.InAsync(async db => (await db.UsageImports.CountAsync(), await db.UsageIntakes.CountAsync(), await db.AuditEntries.CountAsync(entry => entry.Action == AuditAction.Import))));

        await clinics.Site.ImportTextAsync(clinic.Id, One);

        var import = await clinic.InAsync(db => db.UsageImports.AsNoTracking().SingleAsync());
        Assert.Equal((UsageImportState.Stored, 1, 1, 0, Sha256(One)), (import.State, import.Rows, import.Accepted, import.Duplicates, import.Sha256));
        Assert.Equal(import.IntakeId, await clinic.InAsync(db => db.UsageEvents.Select(usage => (int?)usage.IntakeId).SingleAsync()));
        Assert.Equal(1, await clinic.InAsync(db => db.AuditEntries.CountAsync(entry => entry.Action == AuditAction.Import)));
        Assert.Null((await clinic.InAsync(db => AuditChain.CheckAsync(db, CancellationToken.None))).FirstBroken);
    }

    private static Task<Guid> InsertAsync(ImportClinic clinic, UsageImportState state, int rows, int done, int minutes = 0) => clinic.InAsync(async db =>
    {
        var import = new UsageImport
        {
            Id = Guid.NewGuid(),
            SubscriptionId = clinic.Id,
            FileName = "file.csv",
            Sha256 = new string('a', 64),
            SizeBytes = 1,
            UploadedBy = "somebody",
            UploadedAt = clinic.Site.Clock.GetUtcNow().AddMinutes(minutes),
            State = state,
            Rows = rows,
            RowsDone = done,
        };
        db.Add(import);
        await db.SaveChangesAsync();
        return import.Id;
    });

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
