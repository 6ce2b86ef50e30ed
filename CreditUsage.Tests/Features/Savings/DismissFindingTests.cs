using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Savings;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Savings;

/// <summary>Findings of a small clinic: schedules, what came in late, and what was set aside.</summary>
public sealed class DismissFindingTests
{
    private const string October = "/usage-report/money-found?year=2026&month=10&days=60";
    private const string Card = "1000000001";
    private const string Other = "1000000002";
    private const string Idle = $"idle:{Card}:2026-10-01";

    [Fact]
    public async Task Charges_outside_a_schedule_and_days_without_one_are_found_and_each_day_has_its_letter()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ScheduleAsync(Card, new(2026, 10, 3), new(2026, 10, 6));
        await clinic.ScheduleAsync(Other, new(2026, 11, 1), new(2026, 11, 30));
        await clinic.ImportAsync(
            CsvRow.TopUp("E1", "2026-10-01", Card), CsvRow.TopUp("E2", "2026-10-02", Card), CsvRow.TopUp("E3", "2026-10-03", Card), CsvRow.TopUp("E4", "2026-10-05", Card),
            CsvRow.TopUp("E5", "2026-10-09", Other));
        await clinic.ReverseAsync("E4");
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(October);

        Assert.Equal("OOCMTM" + new string('–', 25), Strip(page, Card));
        Assert.Equal([($"outside:{Card}:2026-10", "90"), ($"outside:{Other}:2026-10", "45")], Findings(page, "outside"));
        Assert.Equal([($"missing:{Card}:2026-10", "90")], Findings(page, "missing"));
        Assert.Contains("01/10/2026 to 02/10/2026", page.QuerySelector($"[data-finding='outside:{Card}:2026-10']")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("04/10/2026, 06/10/2026", page.QuerySelector($"[data-finding='missing:{Card}:2026-10']")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_was_charged_after_the_month_was_closed_is_not_missing()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ScheduleAsync(Card, new(2026, 10, 1), new(2026, 10, 2));
        await clinic.ImportAsync(CsvRow.TopUp("E1", "2026-10-01", Card));
        await clinic.CloseAsync(new UsageMonth(2026, 10));
        await clinic.ImportAsync(CsvRow.TopUp("E2", "2026-10-02", Card));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var page = await finance.PageAsync(October);

        Assert.Equal("CL" + new string('–', 29), Strip(page, Card));
        Assert.Empty(Findings(page, "missing"));
    }

    [Fact]
    public async Task A_finding_of_a_program_goes_by_its_row_and_one_that_was_dismissed_by_its_name_stays_so()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.Session("E1", "2026-10-01T09:30:00Z", minutes: 21, program: "Trauma"), CsvRow.Session("E2", "2026-10-02T09:30:00Z", minutes: 22, program: "Sleep"));
        await clinic.InAsync(services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new DismissedFinding { SubscriptionId = clinic.Clinic, Finding = "unused-program:Sleep", Message = "3 of 25", Reason = "Known", DismissedBy = InsightSite.Finance, DismissedAt = clinic.Site.Clock.GetUtcNow() });
            return db.SaveChangesAsync();
        });
        var row = await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().Programs.Where(program => program.Name == "Trauma").Select(program => program.Id).SingleAsync());
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var key = $"unused-program:{row}";
        Assert.Equal([key], Findings(await finance.PageAsync(October), "unused-program").Select(finding => finding.Key));
        using var answer = await finance.PostAsync(October, October, new Dictionary<string, string> { ["finding"] = key, ["reason"] = "Known" });

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains($"Setting | Money found | Dismissed {key}, £0.36", await clinic.AuditAsync());

        // What was dismissed by name is restored by number: the audit names no illness.
        var sleep = await clinic.InAsync(services => services.GetRequiredService<CreditUsageDb>().Programs.Where(program => program.Name == "Sleep").Select(program => program.Id).SingleAsync());
        var former = (await finance.PageAsync(October)).QuerySelector("[data-dismissed='unused-program:Sleep'] input[name=id]")!.GetAttribute("value")!;
        using var restored = await finance.PostAsync(October, October + "&handler=Restore", new Dictionary<string, string> { ["id"] = former });
        Assert.Equal(HttpStatusCode.Redirect, restored.StatusCode);
        Assert.Equal($"Setting | Money found | Restored unused-program:{sleep}", (await clinic.AuditAsync()).Last(entry => entry.StartsWith("Setting", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_device_that_runs_and_was_never_charged_is_idle_from_its_schedules_first_day()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ScheduleAsync(Card, new(2026, 11, 22), new(2026, 12, 31));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        Assert.Equal([($"idle:{Card}:2026-11-22", "0")], Findings(await finance.PageAsync("/usage-report/money-found?year=2026&month=11"), "idle"));
    }

    [Fact]
    public async Task A_session_that_was_taken_back_wastes_nothing_overlaps_nothing_and_keeps_nobody_from_being_idle()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(
            CsvRow.TopUp("T1", "2026-10-01", Card, client: "Ann Client"), CsvRow.Session("S1", "2026-10-02T09:00:00Z", minutes: 12), CsvRow.Session("S2", "2026-10-02T09:05:00Z", minutes: 11));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);
        var before = await finance.PageAsync(October);
        // Three credits each at 45p: 3 and 4 of 15 minutes of 135p are 27p and 36p.
        Assert.Equal([("unused-staff:S1", "63")], Findings(before, "unused-staff"));
        Assert.Equal([("overlap:S2", "135")], Findings(before, "overlap"));
        Assert.Empty(Findings(before, "idle"));

        await clinic.ReverseAsync("S1");
        await clinic.ReverseAsync("S2");
        var after = await finance.PageAsync(October);

        Assert.Empty(Findings(after, "unused-staff"));
        Assert.Empty(Findings(after, "overlap"));
        Assert.Equal([(Idle, "45")], Findings(after, "idle"));
    }

    [Fact]
    public async Task A_finding_is_dismissed_with_a_reason_and_can_be_restored()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.TopUp("E1", "2026-10-01", Card, note: "Zofia's own card"), CsvRow.TopUp("E2", "2026-10-02", Card, note: "Zofia's own card"));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);
        var form = await finance.PageAsync($"{October}&dismissing={Idle}");
        Assert.Equal(Idle, form.QuerySelector<IHtmlInputElement>("input[name=finding]")!.Value);

        using var answer = await finance.PostAsync(October, October, new Dictionary<string, string> { ["finding"] = Idle, ["reason"] = "Lent to the ward" });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var page = await finance.PageAsync(October);
        Assert.Empty(Findings(page, "idle"));
        var row = page.QuerySelector($"[data-dismissed='{Idle}']")!;
        Assert.All(new[] { "£0.90", "Lent to the ward", InsightSite.Finance, "22/11/2026" }, part => Assert.Contains(part, row.TextContent, StringComparison.Ordinal));

        using var restored = await finance.PostAsync(October, October + "&handler=Restore", new Dictionary<string, string> { ["id"] = row.QuerySelector<IHtmlInputElement>("input[name=id]")!.Value });
        Assert.Equal(HttpStatusCode.Redirect, restored.StatusCode);
        Assert.Equal([(Idle, "90")], Findings(await finance.PageAsync(October), "idle"));
        var audit = (await clinic.AuditAsync()).Where(entry => entry.Contains("Money found", StringComparison.Ordinal) && entry.StartsWith("Setting", StringComparison.Ordinal)).ToList();
        Assert.Equal([$"Setting | Money found | Dismissed {Idle}, £0.90", $"Setting | Money found | Restored {Idle}"], audit);
    }

    [Fact]
    public async Task A_card_that_came_back_is_idle_from_its_first_day_after_anybody_elses_and_after_their_last_session()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(
            CsvRow.TopUp("N1", "2026-09-30", Card), CsvRow.TopUp("N2", "2026-10-02", Card, client: "Ann Client"), CsvRow.TopUp("N3", "2026-10-05", Card), CsvRow.TopUp("N4", "2026-10-06", Card),
            CsvRow.Session("S1", "2026-08-02T09:00:00Z"),
            CsvRow.TopUp("A1", "2026-07-30", Other, client: "Ann Client"), CsvRow.TopUp("A2", "2026-08-02", Other, client: "Ann Client"), CsvRow.TopUp("A3", "2026-08-04", Other, client: "Ann Client"), CsvRow.TopUp("A4", "2026-10-01", Other, client: "Ann Client"));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        Assert.Equal([($"idle:{Card}:2026-10-05", "90"), ($"idle:{Other}:2026-08-04", "45")], Findings(await finance.PageAsync(October), "idle"));
    }

    [Fact]
    public async Task A_long_list_has_pages_and_its_total_is_of_all_of_them()
    {
        const int Devices = 120;
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync([.. Enumerable.Range(0, Devices).Select(i => CsvRow.TopUp($"E{i}", "2026-10-01", $"{2000000000L + i}"))]);
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var (seen, sizes, address) = (new List<string>(), new List<int>(), October);
        while (address is not null)
        {
            var page = await finance.PageAsync(address);
            var found = Findings(page, "idle");
            seen.AddRange(found.Select(finding => finding.Key));
            sizes.Add(found.Count);
            Assert.Equal($"{Devices * 45}", page.QuerySelector("table[data-list=idle] tr[data-total-pence]")!.GetAttribute("data-total-pence"));
            Assert.Equal("2000000000", page.QuerySelector("tr[data-strip]")!.GetAttribute("data-strip"));
            address = page.QuerySelector("[data-part=idle] a[rel=next]")?.GetAttribute("href");
        }
        Assert.Equal([50, 50, 20], sizes);
        Assert.Equal(Devices, seen.Distinct().Count());
        Assert.Equal("2000000119", (await finance.PageAsync(October + "&list=strips&page=3")).QuerySelectorAll("tr[data-strip]")[^1].GetAttribute("data-strip"));
        Assert.Equal(20, Findings(await finance.PageAsync(October + "&list=idle&page=99"), "idle").Count);

        using var answer = await finance.PostAsync(October, October + "&list=idle&page=3", new Dictionary<string, string> { ["finding"] = seen[^1], ["reason"] = "Known" });
        Assert.EndsWith("&list=idle&page=3", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(19, Findings(await finance.PageAsync(answer.Headers.Location!.ToString()), "idle").Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\u202Eb")]
    public async Task Without_a_reason_nothing_is_dismissed_and_the_form_is_as_it_was_left(string reason)
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.TopUp("E1", "2026-10-01", Card));
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        using var answer = await finance.PostAsync(October, October, new Dictionary<string, string> { ["finding"] = Idle, ["reason"] = reason });
        var page = await Visitor.ReadAsync(answer);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull(page.QuerySelector(".fault-summary a[href='#reason']"));
        Assert.Equal(reason.Trim(), page.QuerySelector<IHtmlInputElement>("#reason")!.Value);
        Assert.Equal([(Idle, "45")], Findings(page, "idle"));
    }

    [Fact]
    public async Task What_is_not_found_and_what_belongs_to_another_subscription_cannot_be_dismissed_or_restored()
    {
        await using var clinic = await InsightSite.OpenAsync();
        await clinic.ImportAsync(CsvRow.TopUp("E1", "2026-10-01", Card));
        var other = await clinic.Site.SubscriptionAsync("Other Clinic", new DateOnly(2026, 1, 1));
        await clinic.Site.UserAsync(other, "finance@other.example", Roles.FinanceAdministrator);
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);
        using var stranger = await Visitor.SignedInAsync(clinic.Site, "finance@other.example");
        using var done = await finance.PostAsync(October, October, new Dictionary<string, string> { ["finding"] = Idle, ["reason"] = "Known" });
        var id = (await finance.PageAsync(October)).QuerySelector<IHtmlInputElement>("[data-dismissed] input[name=id]")!.Value;

        using var unknown = await finance.PostAsync(October, October, new Dictionary<string, string> { ["finding"] = "idle:9999999999:2026-10-01", ["reason"] = "Known" });
        using var notTheirs = await stranger.PostAsync(October, October, new Dictionary<string, string> { ["finding"] = Idle, ["reason"] = "Known" });
        using var notRestored = await stranger.PostAsync(October, October + "&handler=Restore", new Dictionary<string, string> { ["id"] = id });

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], new[] { unknown.StatusCode, notTheirs.StatusCode, notRestored.StatusCode });
        Assert.Empty((await stranger.PageAsync(October)).QuerySelectorAll("[data-dismissed], [data-finding]"));
        Assert.NotEmpty((await finance.PageAsync(October)).QuerySelectorAll("[data-dismissed]"));
    }

    [Fact]
    public async Task A_month_is_looked_through_in_at_most_eight_database_commands()
    {
        var log = new CommandLog();
        await using var clinic = await InsightSite.OpenAsync(new Site { ChangeServices = log.AddTo });
        await clinic.ScheduleAsync(Card, new(2026, 10, 1), new(2026, 10, 6));
        await clinic.ImportAsync([.. Enumerable.Range(1, 31).SelectMany(day => new[] { CsvRow.TopUp($"T{day}", $"2026-10-{day:00}", Card), CsvRow.TopUp($"O{day}", $"2026-10-{day:00}", Other), CsvRow.Session($"S{day}", $"2026-10-{day:00}T09:00:00Z", minutes: 12) })]);
        await clinic.ReverseAsync("S3");

        using var request = CommandLog.AsRequest();
        var found = await clinic.InAsync(services =>
        {
            log.Clear();
            return services.GetRequiredService<SavingsQuery>().RunAsync(ReportFilter.Whole(new UsageMonth(2026, 10)), 60, CancellationToken.None);
        });

        Assert.Equal(2, found.Of(SavingsFindingKind.Idle).Count);
        Assert.InRange(log.Commands.Count, 1, 8);
    }

    private static List<(string Key, string? Pence)> Findings(IParentNode page, string list) =>
        [.. page.QuerySelectorAll($"table[data-list={list}] tr[data-finding]").Select(row => (row.GetAttribute("data-finding")!, row.GetAttribute("data-pence")))];

    private static string Strip(IParentNode page, string device) => string.Concat(page.QuerySelectorAll($"tr[data-strip='{device}'] td[class^=day-] [aria-hidden]").Select(cell => cell.TextContent));
}
