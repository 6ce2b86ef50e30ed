using System.Net;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.SavedReports;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.SavedReports;

/// <summary>A saved report is kept for as long as the setting says, seven years at first, and then removed on record.</summary>
public sealed class RemoveOldReportsTests
{
    [Fact]
    public async Task A_file_goes_when_its_years_are_over_and_what_it_was_stays_on_record()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var old = await SaveAsync(clinic, sessions: true);
        var young = await SaveAsync(clinic, sessions: false);
        await AgeAsync(clinic, old, TimeSpan.FromMinutes(1));
        await AgeAsync(clinic, young, TimeSpan.FromMinutes(-1));
        var bytes = await clinic.FileAsync(old.Sha256, "pdf");

        Assert.Equal(1, await RemoveAsync(clinic));

        Assert.False(File.Exists(PathOf(clinic, old)));
        Assert.True(File.Exists(PathOf(clinic, young)));
        var entry = await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().AuditEntries.SingleAsync(entry => entry.Action == AuditAction.Remove && entry.Subject != RemoveOldReports.Announced));
        Assert.Contains($"Report {old.Number}, draft 1", entry.Detail, StringComparison.Ordinal);
        Assert.Contains(old.Sha256, entry.Detail, StringComparison.Ordinal);

        using var auditor = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Auditor);
        using var gone = await auditor.GetAsync($"/saved-reports/{old.Id}");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        var row = (await auditor.PageAsync("/saved-reports")).QuerySelector($"tr[data-saved-report='{old.Id}']")!;
        Assert.Contains("Removed on", row.TextContent, StringComparison.Ordinal);
        Assert.Empty(row.QuerySelectorAll("a"));
        using var verified = await auditor.UploadAsync(bytes, "old.pdf", "/verify");
        Assert.Equal("current", (await Visitor.ReadAsync(verified)).QuerySelector("[data-verdict]")!.GetAttribute("data-verdict"));
    }

    [Fact]
    public async Task What_another_row_still_keeps_stays_and_what_an_interrupted_run_left_goes()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var shared = await SaveAsync(clinic, sessions: true);
        var left = await SaveAsync(clinic, sessions: false);
        var elsewhere = await clinic.Site.SubscriptionAsync("Another", ClosingClinic.August.Start);
        await clinic.Site.InAsync(elsewhere, services => ClosingRows.AddAsync(services.GetRequiredService<CreditUsageDb>(), elsewhere, ClosingClinic.August, sha256: shared.Sha256));
        await AgeAsync(clinic, shared, TimeSpan.FromDays(1));
        await AgeAsync(clinic, left, TimeSpan.FromDays(1));
        var bytes = await clinic.FileAsync(left.Sha256, "pdf");

        Assert.Equal(2, await RemoveAsync(clinic));
        Assert.True(File.Exists(PathOf(clinic, shared)));
        Assert.False(File.Exists(PathOf(clinic, left)));

        await File.WriteAllBytesAsync(PathOf(clinic, left), bytes);
        Assert.Equal(0, await RemoveAsync(clinic));
        Assert.False(File.Exists(PathOf(clinic, left)));
    }

    [Fact]
    public async Task The_site_does_it_by_itself_in_every_subscription()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var old = await SaveAsync(clinic, sessions: true);
        await AgeAsync(clinic, old, TimeSpan.FromDays(1));
        for (var night = 0; night < 2; night++)
        {
            await RemoveOldReports.FromEverySubscriptionAsync(clinic.Site.Services.GetRequiredService<IServiceScopeFactory>(), CancellationToken.None);
            clinic.Site.Clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.False(File.Exists(PathOf(clinic, old)));
    }

    [Fact]
    public async Task A_report_that_was_removed_can_be_saved_anew()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var old = await SaveAsync(clinic, sessions: true);
        await AgeAsync(clinic, old, TimeSpan.FromDays(1));
        await RemoveAsync(clinic);
        var again = await SaveAsync(clinic, sessions: true);
        Assert.Equal((old.Number + 1, 2), (again.Number, again.Version));
        Assert.True(File.Exists(PathOf(clinic, again)));
    }

    [Fact]
    public async Task A_clock_that_is_years_ahead_when_the_site_starts_removes_nothing_that_night()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var kept = await SaveAsync(clinic, sessions: true);
        clinic.Site.Clock.Advance(TimeSpan.FromDays(10 * 366));

        Assert.Equal(0, await RunAsync(clinic));
        clinic.Site.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, await RunAsync(clinic));
        Assert.True(File.Exists(PathOf(clinic, kept)));
        Assert.Equal(1, await AnnouncedAsync(clinic));

        // Something that happened under a clock that had been put right, and the same fault days later.
        await clinic.InAsync(async services =>
        {
            await using var transaction = await services.GetRequiredService<CreditUsageDb>().Database.BeginTransactionAsync();
            await services.GetRequiredService<AuditLog>().AppendAsync("somebody", kept.SavedAt.AddDays(3), AuditAction.SignIn, "Test", "The clock is right", CancellationToken.None);
            await transaction.CommitAsync();
            return true;
        });
        clinic.Site.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(0, await RunAsync(clinic));
        Assert.True(File.Exists(PathOf(clinic, kept)));
    }

    [Fact]
    public async Task Runs_at_the_same_time_announce_it_once()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await SaveAsync(clinic, sessions: true);
        clinic.Site.Clock.Advance(TimeSpan.FromDays(10 * 366));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RunAsync(clinic))));

        Assert.Equal(1, await AnnouncedAsync(clinic));
    }

    [Fact]
    public async Task A_site_that_was_off_for_years_removes_what_is_due_in_its_second_night()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        var old = await SaveAsync(clinic, sessions: true);
        clinic.Site.Clock.Advance(TimeSpan.FromDays(8 * 366));

        Assert.Equal(1, await RemoveAsync(clinic));

        Assert.False(File.Exists(PathOf(clinic, old)));
    }

    private static Task<SavedReport> SaveAsync(ClosingClinic clinic, bool sessions) => clinic.InAsync(services => services.GetRequiredService<SaveReport>().RunAsync(
        new(new ReportFilter(ClosingClinic.August, sessions, !sessions, UsageSort.Default)), ClosingClinic.Finance, rowsDone: null, CancellationToken.None));

    /// <summary>Saved seven years and some time ago.</summary>
    private static Task<int> AgeAsync(ClosingClinic clinic, SavedReport report, TimeSpan more) => clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().SavedReports
        .Where(row => row.Id == report.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SavedAt, clinic.Site.Clock.GetUtcNow().AddYears(-7) - more)));

    /// <summary>Tonight and the next night: what is due is announced first.</summary>
    private static async Task<int> RemoveAsync(ClosingClinic clinic)
    {
        var before = await RemovedAsync(clinic);
        Assert.Equal(0, await RunAsync(clinic));
        clinic.Site.Clock.Advance(TimeSpan.FromDays(1));
        // The site runs it by itself as the night goes by, and may be first.
        await RunAsync(clinic);
        return await RemovedAsync(clinic) - before;
    }

    private static Task<int> RemovedAsync(ClosingClinic clinic) => clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().SavedReports.CountAsync(report => report.RemovedAt != null));

    private static Task<int> RunAsync(ClosingClinic clinic) => clinic.InAsync(services => services.GetRequiredService<RemoveOldReports>().RunAsync(CancellationToken.None));

    private static Task<int> AnnouncedAsync(ClosingClinic clinic) => clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().AuditEntries.CountAsync(entry => entry.Subject == RemoveOldReports.Announced));

    private static string PathOf(ClosingClinic clinic, SavedReport report) => Path.Combine(clinic.Site.DataPath, "reports", report.Sha256[..2], report.Sha256 + ".pdf");
}
