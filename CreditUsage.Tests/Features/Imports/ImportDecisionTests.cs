using System.Net;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CreditUsage.Tests.Features.Imports;

/// <summary>Import stores exactly what was shown or nothing, once, whatever else happens meanwhile.</summary>
public sealed class ImportDecisionTests(ImportClinics clinics) : IClassFixture<ImportClinics>
{
    private static readonly UsageMonth October = new(2026, 10);

    private static string File(int from, int count) => CsvText.Of([.. Enumerable.Range(from, count).Select(i => CsvRow.Session($"E{i:0000}", "2026-10-01T09:30:00Z"))]);

    [Fact]
    public async Task The_same_file_again_is_pointed_to_the_first_import_and_not_stored()
    {
        using var clinic = await clinics.ClinicAsync();
        var first = await clinic.CheckedAsync(File(1, 3));
        await clinic.StoreAsync(first.Id);

        var second = await clinic.CheckedAsync(File(1, 3), "again.csv");
        var page = await clinic.PageAsync(second.Id);

        Assert.Equal((0, 3), (second.Accepted, second.Duplicates));
        Assert.NotNull(page.QuerySelector($"#import-state a[href='/imports/{first.Id}']"));
        Assert.Equal(["Discard"], page.QuerySelectorAll("#import-state button").Select(button => button.TextContent));
        Assert.Equal(UsageImportState.Checked, (await clinic.StoreAsync(second.Id)).State);
        Assert.Equal(1, await clinic.InAsync(db => db.UsageIntakes.CountAsync()));
    }

    [Fact]
    public async Task The_same_events_in_another_order_are_duplicates_and_nothing_is_left_to_import()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinic.StoreAsync((await clinic.CheckedAsync(File(1, 3))).Id);

        var again = await clinic.CheckedAsync(CsvText.Of([.. File(1, 3).Split("\r\n")[1..].Reverse()]) + "\r\n\r\n");

        Assert.Equal((0, 3, 0), (again.Accepted, again.Duplicates, again.ErrorCount));
        var page = await clinic.PageAsync(again.Id);
        Assert.Contains("Every event in this file is already recorded", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Discard"], page.QuerySelectorAll("#import-state button").Select(button => button.TextContent));
    }

    [Fact]
    public async Task What_changed_since_the_preview_is_shown_again_before_anything_is_stored()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(File(1, 3));
        await clinics.Site.ImportTextAsync(clinic.Id, File(3, 1));

        var back = await clinic.StoreAsync(seen.Id);

        Assert.Equal((UsageImportState.Checked, 2, 1, 0), (back.State, back.Accepted, back.Duplicates, back.ErrorCount));
        Assert.Contains("changed since the check", back.Problem, StringComparison.Ordinal);
        Assert.Contains("changed since the check", (await clinic.PageAsync(seen.Id)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["E0003"], await clinic.EventIdsAsync());
        Assert.Equal(UsageImportState.Stored, (await clinic.StoreAsync(seen.Id)).State);
        Assert.Equal(["E0001", "E0002", "E0003"], await clinic.EventIdsAsync());
    }

    [Fact]
    public async Task What_became_a_conflict_since_the_preview_is_shown_as_one_and_nothing_is_stored()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(File(1, 3));
        await clinics.Site.ImportRowsAsync(clinic.Id, CsvRow.Session("E0002", "2026-10-01T10:30:00Z"));

        var back = await clinic.StoreAsync(seen.Id);

        Assert.Equal((UsageImportState.Checked, 2, 0, 1), (back.State, back.Accepted, back.Duplicates, back.ErrorCount));
        Assert.Equal(["3"], (await clinic.PageAsync(seen.Id)).QuerySelectorAll("tr[data-line]").Select(row => row.GetAttribute("data-line")!));
        Assert.Equal(["E0002"], await clinic.EventIdsAsync());
    }

    [Fact]
    public async Task Events_of_a_closed_month_are_announced_and_go_to_the_next_open_one()
    {
        using var clinic = await clinics.ClinicAsync();
        await clinic.CloseAsync(October);
        var seen = await clinic.CheckedAsync(CsvText.Of(CsvRow.Session("Late", "2026-10-01T09:30:00Z"), CsvRow.Session("Later", "2026-09-01T09:30:00Z"), CsvRow.Session("Now", "2026-11-01T09:30:00Z")));

        var text = (await clinic.PageAsync(seen.Id)).QuerySelector("#import-state")!.TextContent;
        Assert.Contains("1 event is of October 2026, which is closed: the report of November 2026 shows it.", text, StringComparison.Ordinal);
        Assert.Equal(UsageImportState.Stored, (await clinic.StoreAsync(seen.Id)).State);
        var months = await clinic.InAsync(db => db.UsageEvents.OrderBy(usage => usage.EventId).Select(usage => usage.ReportMonth).ToListAsync());
        Assert.Equal([October.Next, October.Next, October.Next], months);
    }

    [Fact]
    public async Task A_month_that_closes_after_the_preview_is_shown_before_anything_is_stored()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(File(1, 2));
        await clinic.CloseAsync(October);

        Assert.Equal(UsageImportState.Checked, (await clinic.StoreAsync(seen.Id)).State);
        Assert.Contains("2 events are of October 2026, which is closed", (await clinic.PageAsync(seen.Id)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(await clinic.EventIdsAsync());
        Assert.Equal(UsageImportState.Stored, (await clinic.StoreAsync(seen.Id)).State);
    }

    [Fact]
    public async Task An_import_and_a_closing_at_the_same_moment_leave_every_event_in_one_month()
    {
        for (var round = 0; round < 8; round++)
        {
            using var clinic = await clinics.ClinicAsync();
            var seen = await clinic.CheckedAsync(File(1, 50));
            var closing = Task.Run(() => clinic.CloseAsync(October));
            using var asked = await clinic.Visitor.PostAsync("/imports", $"/imports/{seen.Id}/store");
            await closing;
            var ended = await clinics.Site.SettledAsync(clinic.Id, seen.Id);
            if (ended.State == UsageImportState.Checked) ended = await clinic.StoreAsync(seen.Id);

            // Either all were in before the closing, or all come after it; never a mixture.
            var months = await clinic.InAsync(db => db.UsageEvents.GroupBy(usage => usage.ReportMonth).Select(group => new { Month = group.Key, Events = group.Count() }).ToListAsync());
            Assert.Equal((UsageImportState.Stored, 50), (ended.State, Assert.Single(months).Events));
        }
    }

    [Fact]
    public async Task Clicked_ten_times_at_once_it_is_stored_once()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(File(1, 500));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => clinic.Visitor.PostAsync("/imports", $"/imports/{seen.Id}/store")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode));
        Assert.Equal(UsageImportState.Stored, (await clinics.Site.SettledAsync(clinic.Id, seen.Id)).State);
        Assert.Equal((500, 1, 1), await clinic.InAsync(async db =>
            (await db.UsageEvents.CountAsync(), await db.UsageIntakes.CountAsync(), await db.AuditEntries.CountAsync(entry => entry.Action == AuditAction.Import))));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Overlapping_files_imported_at_the_same_moment_store_each_event_once()
    {
        using var clinic = await clinics.ClinicAsync();
        var files = new[] { File(1, 200), File(101, 200), File(201, 200), File(1, 200) };
        var seen = new List<UsageImport>();
        foreach (var file in files) seen.Add(await clinic.CheckedAsync(file));

        var answers = await Task.WhenAll(seen.Select(import => clinic.Visitor.PostAsync("/imports", $"/imports/{import.Id}/store")));
        var ended = await Task.WhenAll(seen.Select(import => clinics.Site.SettledAsync(clinic.Id, import.Id)));
        foreach (var import in ended.Where(import => import.State == UsageImportState.Checked)) await clinic.StoreAsync(import.Id);

        Assert.Contains(ended, import => import.State == UsageImportState.Stored);
        Assert.Equal(Enumerable.Range(1, 400).Select(i => $"E{i:0000}"), await clinic.EventIdsAsync());
        Assert.Equal(400, await clinic.InAsync(db => db.UsageIntakes.SumAsync(intake => intake.Accepted)));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Discarded_the_file_goes_and_the_row_stays_and_it_is_never_stored()
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(File(1, 2));
        for (var clicks = 0; clicks < 2; clicks++)
        {
            using var answer = await clinic.Visitor.PostAsync("/imports", $"/imports/{seen.Id}/discard");
            Assert.Equal($"/imports/{seen.Id}", answer.Headers.Location!.OriginalString);
        }

        Assert.Equal(UsageImportState.Discarded, (await clinic.StoreAsync(seen.Id)).State);
        Assert.Empty(Directory.EnumerateFiles(clinics.Folder, $"{seen.Id:N}.csv"));
        Assert.Equal(["Discarded"], (await clinic.Visitor.PageAsync("/imports")).QuerySelectorAll("tr[data-import] td:nth-child(8)").Select(cell => cell.TextContent));
        Assert.Single(await clinic.InAsync(db => db.AuditEntries.Where(entry => entry.Action == AuditAction.Import).ToListAsync()));
        Assert.Empty(await clinic.EventIdsAsync());
    }

    [Theory]
    [InlineData(UsageImportState.Checking, UsageImportState.Checked, 0)]
    [InlineData(UsageImportState.Storing, UsageImportState.Stored, 2)]
    public async Task What_a_killed_site_left_waiting_goes_on_when_it_starts_again(UsageImportState left, UsageImportState reached, int events)
    {
        using var clinic = await clinics.ClinicAsync();
        var seen = await clinic.CheckedAsync(File(1, 2));
        await clinic.InAsync(db => db.UsageImports.ExecuteUpdateAsync(set => set.SetProperty(import => import.State, left).SetProperty(import => import.StoredBy, left == UsageImportState.Storing ? "somebody" : null)));

        await clinics.Site.Services.GetServices<IHostedService>().OfType<ResumeImports>().Single().StartAsync(CancellationToken.None);

        Assert.Equal(reached, (await clinics.Site.SettledAsync(clinic.Id, seen.Id)).State);
        Assert.Equal(events, (await clinic.EventIdsAsync()).Count);
    }

    [Fact]
    public async Task A_file_that_was_changed_or_lost_on_the_server_is_refused_and_nothing_is_stored()
    {
        using var clinic = await clinics.ClinicAsync();
        var (changed, lost) = (await clinic.CheckedAsync(File(1, 2)), await clinic.CheckedAsync(File(3, 2)));
        await System.IO.File.WriteAllTextAsync(Path.Combine(clinics.Folder, $"{changed.Id:N}.csv"), File(7, 2));
        System.IO.File.Delete(Path.Combine(clinics.Folder, $"{lost.Id:N}.csv"));

        var refused = new[] { await clinic.StoreAsync(changed.Id), await clinic.StoreAsync(lost.Id) };

        Assert.All(refused, import => Assert.Equal(UsageImportState.Refused, import.State));
        Assert.Contains("has changed since you uploaded it", refused[0].Problem, StringComparison.Ordinal);
        Assert.Contains("missing", refused[1].Problem, StringComparison.Ordinal);
        Assert.Empty(await clinic.EventIdsAsync());
    }
}
