using CreditUsage.Core.Closing;
using CreditUsage.Core.Webhooks;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Closing;

/// <summary>What the checklist says in each state, what is written down of a closing, and what exactly a reopening takes back.</summary>
public sealed class ClosingWordsTests(ClosingClinicsSite others) : IClassFixture<ClosingClinicsSite>
{
    [Fact]
    public async Task The_checklist_says_what_is_done_what_is_recommended_and_what_is_needed_with_where_to_do_it()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);

        Assert.Equal(
            [
                "The month is over and earlier months are closed|Met|Ready to close.|", "Usage complete|Met|All top-ups charged.|", "No price is missing|Met|Every event has its cost.|",
                "Imports are finished|Met|No import running.|", "The balance is reconciled|Advised|The Available figure in ONE has not been reconciled with the ledger since August 2026 ended.|/credits/proof",
            ],
            await ItemsAsync(clinic, ClosingClinic.August));
        Assert.Equal("The month is over and earlier months are closed|Missing|Months are closed in order. Close August 2026 first.|/months/2026-08", (await ItemsAsync(clinic, ClosingClinic.September))[0]);
        Assert.Equal("The month is over and earlier months are closed|Missing|November 2026 is in progress. Close it when it is over.|", (await ItemsAsync(clinic, new UsageMonth(2026, 11)))[0]);
        Assert.StartsWith("The month is over and earlier months are closed|Missing|", (await ItemsAsync(clinic, new UsageMonth(2026, 12)))[0], StringComparison.Ordinal);
        await clinic.CloseAsync(ClosingClinic.August);
        Assert.Equal("The month is over and earlier months are closed|Missing|August 2026 is closed already.|", (await ItemsAsync(clinic, ClosingClinic.August))[0]);
        Assert.Equal("The month is over and earlier months are closed|Met|Ready to close.|", (await ItemsAsync(clinic, ClosingClinic.September))[0]);
    }

    [Fact]
    public async Task Imports_that_run_or_wait_and_prices_that_are_missing_are_counted()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.ImportAsync(CsvRow.TopUp("A3", "2026-08-30", device: "1000000009"));
        await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().UsageEvents.Where(usage => usage.EventId == "A1" || usage.EventId == "A2")
            .ExecuteUpdateAsync(set => set.SetProperty(usage => usage.CostPence, (long?)null).SetProperty(usage => usage.UnitPriceMicros, (long?)null)));
        await AddImportAsync(clinic, UsageImportState.Checked, accepted: 3);
        // One with errors, and one without a new event, wait for nobody.
        await AddImportAsync(clinic, UsageImportState.Checked, accepted: 3, errors: 1);
        await AddImportAsync(clinic, UsageImportState.Checked, accepted: 0);

        var items = await ItemsAsync(clinic, ClosingClinic.August);
        Assert.Equal("No price is missing|Missing|2 events have no cost, because no price is set for their day. Set the price.|/credits/prices", items[2]);
        Assert.Equal("Imports are finished|Advised|1 file has been checked but not imported or discarded.|/imports", items[3]);
        await AddImportAsync(clinic, UsageImportState.Checked, accepted: 1);
        Assert.Equal("Imports are finished|Advised|2 files have been checked but not imported or discarded.|/imports", (await ItemsAsync(clinic, ClosingClinic.August))[3]);
        foreach (var state in new[] { UsageImportState.Checking, UsageImportState.Storing, UsageImportState.Reversing })
        {
            var running = await AddImportAsync(clinic, state, accepted: 1);
            Assert.Equal("Imports are finished|Missing|A file is being checked, imported or reversed. Wait for it to finish.|/imports", (await ItemsAsync(clinic, ClosingClinic.August))[3]);
            await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().UsageImports.Where(import => import.Id == running).ExecuteUpdateAsync(set => set.SetProperty(import => import.State, UsageImportState.Discarded)));
        }
    }

    [Theory]
    [InlineData(100, 100, 0, "Met")]
    [InlineData(90, 100, -10, "Met")]
    [InlineData(90, 100, -9, "Advised")]
    [InlineData(0, 5, 5, "Advised")]
    public async Task A_proof_since_the_end_of_the_month_counts_where_it_explains_the_difference(long shown, long ledger, long explained, string outcome)
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await AddProofAsync(clinic, ClosingClinic.August.Instant(-1), 1, 1, 0);
        Assert.Contains("has not been reconciled", (await ItemsAsync(clinic, ClosingClinic.August))[4], StringComparison.Ordinal);
        await AddProofAsync(clinic, ClosingClinic.August.Instant(0), shown, ledger, explained);
        var item = (await ItemsAsync(clinic, ClosingClinic.August))[4].Split('|');
        Assert.Equal(("The balance is reconciled", outcome, "/credits/proof"), (item[0], item[1], item[3]));
        Assert.StartsWith("01/09/2026 00:00 GMT: ", item[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_ups_that_schedules_ask_for_are_listed_up_to_ten()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.InAsync(async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new TopUpSchedule { SubscriptionId = clinic.Id, DeviceId = "1000000007", Program = "Sleep", StaffId = "S1", StaffName = "Sam", IdentityNote = "", FirstDay = new DateOnly(2026, 8, 1), LastDay = new DateOnly(2026, 8, 10), RecordedAt = clinic.Site.Clock.GetUtcNow(), RecordedBy = "test" });
            return await db.SaveChangesAsync();
        });
        var ten = (await ItemsAsync(clinic, ClosingClinic.August))[1];
        Assert.StartsWith("Usage complete|Advised|10 top-ups are missing by the schedules: 1000000007 on 01/08/2026, ", ten, StringComparison.Ordinal);
        Assert.EndsWith("1000000007 on 10/08/2026.|/schedules", ten, StringComparison.Ordinal);
        await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().TopUpSchedules.ExecuteUpdateAsync(set => set.SetProperty(schedule => schedule.LastDay, new DateOnly(2026, 8, 12))));
        Assert.EndsWith("1000000007 on 10/08/2026 and 2 more.|/schedules", (await ItemsAsync(clinic, ClosingClinic.August))[1], StringComparison.Ordinal);
        await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().Subscriptions.Where(own => own.Id == clinic.Id).ExecuteUpdateAsync(set => set.SetProperty(own => own.ChargesTopUpsFrom, new DateOnly(2026, 8, 12))));
        Assert.Equal("Usage complete|Missing|1 top-up is not charged yet: 1000000007 on 12/08/2026. They are charged within an hour of the day's end.|/schedules", (await ItemsAsync(clinic, ClosingClinic.August))[1]);
    }

    [Fact]
    public async Task Days_without_any_top_up_after_the_first_are_named()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.ImportAsync(CsvRow.TopUp("A3", "2026-08-29"));
        Assert.Equal("Usage complete|Advised|1 day has no daily top-up at all: 30/08/2026.|/imports", (await ItemsAsync(clinic, ClosingClinic.August))[1]);
    }

    [Fact]
    public async Task The_audit_and_the_file_names_of_both_versions_say_everything()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        var first = await clinic.CloseAsync(ClosingClinic.August);
        await clinic.ImportAsync(CsvRow.Session("Late", "2026-08-10T10:00:00Z", minutes: 10));
        await clinic.ReopenAsync(ClosingClinic.August);
        await AddProofAsync(clinic, ClosingClinic.August.Instant(0), 0, 0, 0);
        var second = await clinic.CloseAsync(ClosingClinic.August, note: null);

        var (entries, reports) = await clinic.InAsync(async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            return (await db.AuditEntries.Where(entry => entry.Action == AuditAction.Close || entry.Action == AuditAction.Reopen).OrderBy(entry => entry.Sequence).Select(entry => entry.Detail).ToListAsync(),
                await db.SavedReports.OrderBy(report => report.Number).Select(report => new { report.FileName, report.Version, report.Draft }).ToListAsync());
        });
        Assert.Equal(
            [
                $"Closed v1: 2 events, 6 credits, £3.00; rows {first.RowsSha256}, PDF {first.PdfSha256}, saved report 1; although: {ClosingClinic.Note}", "v1: A session was forgotten; 1 late rows moved back into it",
                $"Restated v2: 3 events, 8 credits, £4.00; rows {second.RowsSha256}, PDF {second.PdfSha256}, saved report 2",
            ],
            entries);
        Assert.Equal([("Credit Usage Report 2026-08 - closed v1.pdf", 1, false), ("Credit Usage Report 2026-08 - restated v2.pdf", 2, false)], reports.Select(report => (report.FileName, report.Version, report.Draft)));
    }

    [Fact]
    public async Task Other_systems_are_told_of_a_closing_and_a_reopening_with_their_figures()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.InAsync(async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new WebhookEndpoint
            {
                SubscriptionId = clinic.Id,
                Url = "https://receiver.invalid/",
                Events = $"{WebhookEvents.MonthClosed},{WebhookEvents.MonthReopened}",
                Secret = services.GetRequiredService<WebhookSecrets>().Make().Stored,
                AddedBy = "somebody",
                AddedAt = clinic.Site.Clock.GetUtcNow(),
            });
            return await db.SaveChangesAsync();
        });
        var closing = await clinic.CloseAsync(ClosingClinic.August);
        await clinic.ReopenAsync(ClosingClinic.August);

        var told = await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().WebhookMessages.OrderBy(message => message.Event).Select(message => message.Body).ToListAsync());

        Assert.Equal(
            [
                $$$"""{"type":"month.closed","timestamp":"2026-11-22T12:00:00Z","data":{"month":"2026-08","version":1,"events":2,"corrections":0,"credits":6,"cost_pence":300,"saved_report_id":"{{{closing.SavedReportId}}}","pdf_sha256":"{{{closing.PdfSha256}}}","rows_sha256":"{{{closing.RowsSha256}}}"}}""",
                """{"type":"month.reopened","timestamp":"2026-11-22T12:00:00Z","data":{"month":"2026-08","version":1}}""",
            ],
            told);
    }

    [Fact]
    public async Task A_reopening_takes_back_the_late_rows_of_the_month_from_its_first_day_to_its_last_and_no_others()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.CloseAsync(ClosingClinic.August);
        await clinic.CloseAsync(ClosingClinic.September);
        await clinic.ImportAsync(
            CsvRow.Session("L1", "2026-09-01T00:00:00Z", minutes: 5), CsvRow.Session("L2", "2026-09-30T23:59:59Z", minutes: 5), CsvRow.Session("August", "2026-08-31T23:59:59Z", minutes: 5), CsvRow.Session("October", "2026-10-01T00:00:00Z", minutes: 5));
        await clinic.InAsync(async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.AddRange(Entry(clinic, "2026-09-01"), Entry(clinic, "2026-09-30"), Entry(clinic, "2026-08-31"), Entry(clinic, "2026-10-01"));
            return await db.SaveChangesAsync();
        });

        await clinic.ReopenAsync(ClosingClinic.September);

        Assert.Equal(
            ["August 2026-10", "L1 2026-09", "L2 2026-09", "O1 2026-10", "October 2026-10", "S1 2026-09"],
            (await clinic.EventsAsync()).Where(usage => usage.ReportMonth > ClosingClinic.August).Select(usage => $"{usage.EventId} {usage.ReportMonth}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["2026-08-31 2026-10", "2026-09-01 2026-09", "2026-09-30 2026-09", "2026-10-01 2026-10"],
            (await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().LedgerEntries.OrderBy(entry => entry.ServiceDate).ToListAsync())).Select(entry => $"{entry.ServiceDate:yyyy-MM-dd} {entry.ReportMonth}"));
        var closings = await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().MonthClosings.OrderBy(closing => closing.Month).ToListAsync());
        Assert.Equal([false, true], closings.Select(closing => closing.ReopenedAt is not null));
        Assert.EndsWith("; 4 late rows moved back into it", await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().AuditEntries.Where(entry => entry.Action == AuditAction.Reopen).Select(entry => entry.Detail).SingleAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_months_line_adds_up_its_days_and_withholds_the_cost_where_one_is_unknown()
    {
        var calendar = new MonthCalendar(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), ClosingClinic.August.Start, null, [Version(1), Version(3), Version(2)]);
        MonthDay[] days = [new(new DateOnly(2026, 8, 1), 2, 1, 7, 300, 0, 1), new(new DateOnly(2026, 8, 2), 3, 2, 5, 250, 0, 1)];

        var line = new MonthFacts(ClosingClinic.August, calendar, days).Line;

        Assert.Equal((5, 3, 12L, 550L), (line.Events, line.Corrections, line.Credits, line.CostPence!.Value));
        Assert.Null(new MonthFacts(ClosingClinic.August, calendar, [days[0], days[1] with { Unpriced = 1 }]).Line.CostPence);
        Assert.Equal(2, new MonthFacts(ClosingClinic.August, calendar, [days[0] with { Unpriced = 1 }, days[1] with { Unpriced = 1 }]).Unpriced);
        Assert.Equal([3, 2, 1], calendar.VersionsOf(ClosingClinic.August).Select(closing => closing.Version));
    }

    [Fact]
    public async Task A_days_figures_are_sums_of_its_events()
    {
        await using var clinic = await ClosingClinic.OpenAsync(others);
        await clinic.ImportAsync(CsvRow.Session("A3", "2026-08-03T10:00:00Z", minutes: 10), CsvRow.TopUp("A4", "2026-08-03"));
        var day = (await clinic.InAsync(services => MonthDay.ListAsync(services.GetRequiredService<CreditUsageDb>(), ClosingClinic.August, CancellationToken.None))).Single(day => day.ServiceDate == new DateOnly(2026, 8, 3));
        Assert.Equal(new MonthDay(new DateOnly(2026, 8, 3), 3, 0, 8, 400, 0, 1), day);
    }

    private static async Task<IReadOnlyList<string>> ItemsAsync(ClosingClinic clinic, UsageMonth month) =>
        [.. (await clinic.InAsync(services => services.GetRequiredService<MonthChecklist>().OfAsync(month, CancellationToken.None))).Select(item => $"{item.Title}|{item.Outcome}|{item.Finding}|{item.Link}")];

    private static Task<Guid> AddImportAsync(ClosingClinic clinic, UsageImportState state, int accepted, int errors = 0) => clinic.InAsync(async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        var import = new UsageImport { Id = Guid.NewGuid(), SubscriptionId = clinic.Id, FileName = "a.csv", Sha256 = new string('0', 64), SizeBytes = 1, UploadedBy = "test", UploadedAt = clinic.Site.Clock.GetUtcNow(), State = state, Accepted = accepted, ErrorCount = errors };
        db.Add(import);
        await db.SaveChangesAsync();
        return import.Id;
    });

    private static Task AddProofAsync(ClosingClinic clinic, DateTimeOffset at, long shown, long ledger, long explained) => clinic.InAsync(async services =>
    {
        var db = services.GetRequiredService<CreditUsageDb>();
        db.Add(new BalanceProof { SubscriptionId = clinic.Id, ShownAt = at, ShownCredits = shown, LedgerCredits = ledger, ExplainedCredits = explained, RecordedAt = clinic.Site.Clock.GetUtcNow().AddSeconds((at - clinic.Site.Clock.GetUtcNow()).TotalDays), RecordedBy = "test", Finding = "found" });
        return await db.SaveChangesAsync();
    });

    private static LedgerEntry Entry(ClosingClinic clinic, string day) => new()
    {
        SubscriptionId = clinic.Id,
        Kind = LedgerEntryKind.Grant,
        ServiceDate = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        ReportMonth = ClosingClinic.October,
        PostedAt = clinic.Site.Clock.GetUtcNow(),
        Credits = 1,
        RecordedAt = clinic.Site.Clock.GetUtcNow(),
        RecordedBy = "test",
    };

    private static MonthClosing Version(int version) => new()
    {
        Month = ClosingClinic.August,
        Version = version,
        ClosedAt = default,
        ClosedBy = "test",
        RowsSha256 = "",
        SavedReportId = default,
        PdfSha256 = "",
        Events = 0,
        Corrections = 0,
        Credits = 0,
        CostPence = 0,
        OpeningCredits = 0,
        ClosingCredits = 0,
        ReopenedAt = version == 3 ? null : default(DateTimeOffset),
    };
}

internal static class MonthInstants
{
    /// <summary>So many milliseconds after the end of the month.</summary>
    public static DateTimeOffset Instant(this UsageMonth month, int milliseconds) => new DateTimeOffset(month.End, TimeOnly.MinValue, TimeSpan.Zero).AddMilliseconds(milliseconds);
}
