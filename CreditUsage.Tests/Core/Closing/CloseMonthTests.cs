using System.Security.Cryptography;
using System.Text.Json;
using CreditUsage.Core.Closing;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditUsage.Tests.Core.Closing;

public sealed class CloseMonthTests(ClosingClinicsSite others) : IClassFixture<ClosingClinicsSite>
{
    [Fact]
    public async Task A_closed_month_keeps_its_rows_totals_and_pdf_under_their_hashes()
    {
        await using var clinic = await ClosingClinic.OpenAsync(new Site());

        var closing = await clinic.CloseAsync(ClosingClinic.August);

        // 25 minutes are 5 credits, a top-up is one; at 50p that is £3.00.
        Assert.Equal((1, 2, 0, 6, 300, 0, -6), (closing.Version, closing.Events, closing.Corrections, closing.Credits, closing.CostPence, closing.OpeningCredits, closing.ClosingCredits));
        var rows = await clinic.FileAsync(closing.RowsSha256, "json");
        Assert.Equal(closing.RowsSha256, Convert.ToHexStringLower(SHA256.HashData(rows)));
        using var json = JsonDocument.Parse(rows);
        Assert.Equal(["A1", "A2"], json.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("eventId").GetString()));
        Assert.Equal(300, json.RootElement.GetProperty("totals").GetProperty("all").GetProperty("costPence").GetInt64());
        var pdf = await clinic.FileAsync(closing.PdfSha256, "pdf");
        Assert.Equal(closing.PdfSha256, Convert.ToHexStringLower(SHA256.HashData(pdf)));
        using var document = PdfRead.Open(pdf);
        Assert.Contains("Closedv1Themonthisclosed", document.GetPage(1).Dense(), StringComparison.Ordinal);
        Assert.Contains("August2026(Closedv1)", document.GetPage(2).Dense(), StringComparison.Ordinal);
        Assert.Contains("£3.00", document.Amounts());
    }

    [Fact]
    public async Task What_comes_late_goes_to_the_next_open_month_and_leaves_every_closed_hash_as_it_was()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        var (august, september) = (await clinic.CloseAsync(ClosingClinic.August), await clinic.CloseAsync(ClosingClinic.September));
        var before = await Task.WhenAll(clinic.FileAsync(august.PdfSha256, "pdf"), clinic.FileAsync(september.PdfSha256, "pdf"), clinic.FileAsync(august.RowsSha256, "json"));

        await clinic.ImportAsync(CsvRow.Session("Late1", "2026-08-10T10:00:00Z", minutes: 10), CsvRow.TopUp("Late2", "2026-09-02"), CsvRow.Session("Here", "2026-10-10T10:00:00Z", minutes: 10));

        Assert.Equal(["Late1", "Late2", "O1", "Here"], (await clinic.EventsAsync()).Where(usage => usage.ReportMonth == ClosingClinic.October).OrderBy(usage => usage.ServiceDate).Select(usage => usage.EventId));
        Assert.Equal(before, await Task.WhenAll(clinic.FileAsync(august.PdfSha256, "pdf"), clinic.FileAsync(september.PdfSha256, "pdf"), clinic.FileAsync(august.RowsSha256, "json")));
        Assert.Equal(clinic.Site.Clock.GetUtcNow(), (await clinic.EventAsync("Late1")).PostedAt);
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Finance);
        var page = await visitor.PageAsync("/usage-report?year=2026&month=10&sessions=true&topUps=true");
        Assert.Equal(["Connected session, late for August 2026", "Daily top-up, late for September 2026", "Connected session", "Connected session"], page.Column(1));
        // 2 + 1 + 1 + 2 credits at 50p.
        Assert.Equal(("4", "6", "300"), page.Total("all"));
    }

    [Fact]
    public async Task The_sum_of_the_months_is_the_sum_of_the_events_whatever_was_closed_in_between()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.CloseAsync(ClosingClinic.August);
        await clinic.ImportAsync(CsvRow.Session("Late1", "2026-08-10T10:00:00Z", minutes: 10));
        var september = await clinic.CloseAsync(ClosingClinic.September);
        await clinic.ImportAsync(CsvRow.Session("Late2", "2026-08-11T10:00:00Z", minutes: 15));

        // August 6; September 6 and the 2 that came late; the 3 after that stand in October.
        Assert.Equal((8, -6, -14), (september.Credits, september.OpeningCredits, september.ClosingCredits));
        var events = await clinic.EventsAsync();
        Assert.Equal([6, 8, 4], events.GroupBy(usage => usage.ReportMonth).OrderBy(month => month.Key).Select(month => month.Sum(usage => usage.Credits)));
    }

    [Fact]
    public async Task A_month_is_not_closed_before_its_checklist_is_met()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.ImportAsync(CsvRow.Session("N1", "2026-11-01T10:00:00Z"));

        await RefusedAsync(clinic, new UsageMonth(2026, 7), "before your subscription began");
        await RefusedAsync(clinic, new UsageMonth(2026, 11), "in progress");
        await RefusedAsync(clinic, new UsageMonth(2026, 12), "has not started");
        await RefusedAsync(clinic, ClosingClinic.October, "Close August 2026 first");
        await RefusedAsync(clinic, ClosingClinic.August, "has not been reconciled with the ledger", note: null);
        await clinic.CloseAsync(ClosingClinic.August);
        await clinic.ImportAsync(CsvRow.TopUp("S2", "2026-09-02"));
        await RefusedAsync(clinic, ClosingClinic.September, "29 days have no daily top-up", note: null);
        await RefusedAsync(clinic, ClosingClinic.August, "is closed already");
        Assert.Single(await ClosingsAsync(clinic));
    }

    [Fact]
    public async Task A_month_with_withheld_money_is_not_closed()
    {
        await using var clinic = new ClosingClinic { Site = new Site() };
        var id = await clinic.Site.SubscriptionAsync("No price", ClosingClinic.August.Start);
        await clinic.Site.ImportRowsAsync(id, CsvRow.Session("A1", "2026-08-03T09:00:00Z"));

        var problem = await Assert.ThrowsAsync<UserFacingException>(() => clinic.Site.InAsync(id, services =>
            services.GetRequiredService<CloseMonth>().RunAsync(ClosingClinic.August, "Never mind", CancellationToken.None)));

        Assert.Contains("1 event has no cost", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_on_its_way_holds_closing_up()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.InAsync(async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new UsageImport
            {
                Id = Guid.NewGuid(),
                SubscriptionId = clinic.Id,
                FileName = "late.csv",
                Sha256 = "",
                SizeBytes = 1,
                UploadedBy = "somebody",
                UploadedAt = clinic.Site.Clock.GetUtcNow(),
                State = UsageImportState.Checking,
            });
            return await db.SaveChangesAsync();
        });

        await RefusedAsync(clinic, ClosingClinic.August, "being checked, imported or reversed");
    }

    [Fact]
    public async Task Reopened_a_month_takes_back_what_came_late_and_becomes_version_2()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        var first = await clinic.CloseAsync(ClosingClinic.August);
        var kept = await clinic.FileAsync(first.PdfSha256, "pdf");
        await clinic.ImportAsync(CsvRow.Session("Late1", "2026-08-10T10:00:00Z", minutes: 10));
        Assert.Equal(ClosingClinic.September, (await clinic.EventAsync("Late1")).ReportMonth);

        await clinic.ReopenAsync(ClosingClinic.August);
        Assert.Equal(ClosingClinic.August, (await clinic.EventAsync("Late1")).ReportMonth);
        var second = await clinic.CloseAsync(ClosingClinic.August);

        Assert.Equal((2, 3, 8), (second.Version, second.Events, second.Credits));
        Assert.Equal(kept, await clinic.FileAsync(first.PdfSha256, "pdf"));
        var before = Assert.Single(await ClosingsAsync(clinic), closing => closing.Version == 1);
        Assert.Equal((6, first.PdfSha256, "A session was forgotten"), (before.Credits, before.PdfSha256, before.ReopenReason));
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Finance);
        Assert.Contains("Restated v2", (await visitor.PageAsync("/months/2026-08")).QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Restated v2", (await visitor.PageAsync("/usage-report?year=2026&month=8&sessions=true&topUps=true")).QuerySelector("#results-heading")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_that_leaves_a_difference_is_no_proof()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.InAsync(async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new BalanceProof
            {
                SubscriptionId = clinic.Id,
                ShownAt = clinic.Site.Clock.GetUtcNow(),
                ShownCredits = 100,
                LedgerCredits = -13,
                ExplainedCredits = 3,
                Finding = "110 credits are unexplained.",
                RecordedAt = clinic.Site.Clock.GetUtcNow(),
                RecordedBy = "somebody",
            });
            return await db.SaveChangesAsync();
        });
        using var visitor = await clinic.SignedInAsync(ClosingClinic.Finance);

        var proof = (await visitor.PageAsync("/months/2026-08")).QuerySelector(".checklist li:last-child")!;

        Assert.Equal("Advised", proof.GetAttribute("data-outcome"));
        Assert.Contains("110 credits are unexplained.", proof.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_event_without_a_price_gets_one_although_its_own_month_is_closed()
    {
        await using var clinic = new ClosingClinic { Site = new Site { ChangeServices = QuickEngine.AddTo } };
        var id = await clinic.Site.SubscriptionAsync("Own costs", ClosingClinic.August.Start);
        await clinic.Site.ImportRowsAsync(id, CsvRow.Session("A1", "2026-08-03T09:00:00Z", cost: "1.00"));
        Task<T> InAsync<T>(Func<IServiceProvider, Task<T>> act) => clinic.Site.InAsync(id, act);
        await InAsync(services => services.GetRequiredService<CloseMonth>().RunAsync(ClosingClinic.August, ClosingClinic.Note, CancellationToken.None));
        await clinic.Site.ImportRowsAsync(id, CsvRow.Session("A2", "2026-08-04T09:00:00Z", minutes: 15));

        Assert.Equal(1, await clinic.Site.PriceAsync(id, ClosingClinic.August.Start, 500_000));

        var september = await InAsync(services => services.GetRequiredService<CloseMonth>().RunAsync(ClosingClinic.September, ClosingClinic.Note, CancellationToken.None));
        Assert.Equal((1, 150), (september.Events, september.CostPence));
    }

    [Fact]
    public async Task Saving_a_closed_month_answers_what_the_closing_kept()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        var closing = await clinic.CloseAsync(ClosingClinic.August);
        var saved = await clinic.InAsync(services => services.GetRequiredService<SaveReport>().RunAsync(
            new(new ReportFilter(ClosingClinic.August, true, true, UsageSort.Default)), "somebody@clinic.example", rowsDone: null, CancellationToken.None));

        Assert.Equal((closing.SavedReportId, closing.PdfSha256, 1, false), (saved.Id, saved.Sha256, saved.Version, saved.Draft));
    }

    [Fact]
    public async Task Months_are_reopened_from_the_latest_on()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.CloseAsync(ClosingClinic.August);
        await clinic.CloseAsync(ClosingClinic.September);

        var early = await Assert.ThrowsAsync<UserFacingException>(() => clinic.ReopenAsync(ClosingClinic.August));
        var open = await Assert.ThrowsAsync<UserFacingException>(() => clinic.ReopenAsync(ClosingClinic.October));

        Assert.Equal(("Reopen September 2026 first.", "October 2026 is not closed."), (early.Message, open.Message));
    }

    [Fact]
    public async Task What_comes_in_while_the_pdf_is_made_is_in_the_closed_month()
    {
        ClosingClinic? clinic = null;
        var times = 0;
        await using var site = new Site { ChangeServices = services => services.Decorate(engine => new Interrupted(engine, () => times++ == 0 ? clinic!.ImportAsync(CsvRow.Session("A3", "2026-08-20T10:00:00Z")) : Task.CompletedTask)) };
        clinic = await ClosingClinic.OpenAsync(site);

        var closing = await clinic.CloseAsync(ClosingClinic.August);

        Assert.Equal((2, 3), (times, closing.Events));
        Assert.Equal(ClosingClinic.August, (await clinic.EventAsync("A3")).ReportMonth);
        using var document = PdfRead.Open(await clinic.FileAsync(closing.PdfSha256, "pdf"));
        Assert.Equal(3 + 3, document.Amounts().Count());
    }

    [Fact]
    public async Task A_month_that_keeps_changing_is_not_closed()
    {
        ClosingClinic? clinic = null;
        var times = 0;
        await using var site = new Site
        {
            ChangeServices = services =>
            {
                QuickEngine.AddTo(services);
                services.Decorate(engine => new Interrupted(engine, () => clinic!.ImportAsync(CsvRow.Session($"More{times++}", "2026-08-20T10:00:00Z"))));
            },
        };
        clinic = await ClosingClinic.OpenAsync(site);

        await RefusedAsync(clinic, ClosingClinic.August, "keeps arriving");

        Assert.Empty(await ClosingsAsync(clinic));
    }

    [Fact]
    public async Task Closed_by_several_at_once_a_month_is_closed_once()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);

        var attempts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Record.ExceptionAsync(() => clinic.CloseAsync(ClosingClinic.August))));

        Assert.Equal(1, attempts.Count(problem => problem is null));
        Assert.All(attempts.OfType<Exception>(), problem => Assert.Contains("is closed already", Assert.IsType<UserFacingException>(problem).Message, StringComparison.Ordinal));
        Assert.Single(await ClosingsAsync(clinic));
    }

    [Fact]
    public async Task Without_the_engine_a_month_stays_open_and_nothing_is_kept()
    {
        await using var site = new Site { ChangeServices = services => services.Decorate(engine => new Interrupted(engine, () => throw new PdfException("The engine is broken."))) };
        var clinic = await ClosingClinic.OpenAsync(site);

        await RefusedAsync(clinic, ClosingClinic.August, "The engine is broken.");

        Assert.Empty(await ClosingsAsync(clinic));
        Assert.Equal(0, await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().SavedReports.CountAsync()));
    }

    [Fact]
    public async Task Closing_and_reopening_stand_in_the_audit()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        var closing = await clinic.CloseAsync(ClosingClinic.August);
        await clinic.ReopenAsync(ClosingClinic.August);

        var entries = await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().AuditEntries.AsNoTracking().Where(entry => entry.Action == AuditAction.Close || entry.Action == AuditAction.Reopen).OrderBy(entry => entry.Sequence).ToListAsync());

        Assert.Equal([(AuditAction.Close, "August 2026"), (AuditAction.Reopen, "August 2026")], entries.Select(entry => (entry.Action, entry.Subject)));
        Assert.Contains(closing.PdfSha256, entries[0].Detail, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(ClosingClinic clinic, UsageMonth month, string because, string? note = ClosingClinic.Note)
    {
        var problem = await Assert.ThrowsAnyAsync<UserFacingException>(() => clinic.CloseAsync(month, note));
        Assert.Contains(because, problem.Message, StringComparison.Ordinal);
    }

    private static Task<List<MonthClosing>> ClosingsAsync(ClosingClinic clinic) => clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().MonthClosings.AsNoTracking().ToListAsync());
}

/// <summary>The engine, with something happening before it is done.</summary>
internal sealed class Interrupted(IPdfEngine engine, Func<Task> meanwhile) : IPdfEngine
{
    public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation)
    {
        await meanwhile();
        return await engine.ConvertAsync(source, unitsDone, cancellation);
    }
}

internal static class Decorating
{
    public static void Decorate(this IServiceCollection services, Func<IPdfEngine, IPdfEngine> decorate)
    {
        var engine = services.Single(service => service.ServiceType == typeof(IPdfEngine)).ImplementationType!;
        services.Replace(ServiceDescriptor.Singleton(provider => decorate((IPdfEngine)ActivatorUtilities.CreateInstance(provider, engine))));
    }
}
