using System.Globalization;
using AngleSharp.Dom;
using CreditUsage.Core.Ledger;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Report;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Home;

/// <summary>The home page of the real input, held against the file itself. It is the 22nd, and November has three sessions.</summary>
public sealed class HomeFiguresTests : IAsyncLifetime
{
    private const string Finance = "finance@home.example";
    private static readonly CultureInfo British = CultureInfo.GetCultureInfo("en-GB");
    private readonly CommandLog _log = new();
    private readonly Site _site;
    private int _clinic;

    public HomeFiguresTests() => _site = new Site { ChangeServices = _log.AddTo };

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2024, 8, 1));
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
        Assert.True((await _site.ImportAsync(_clinic, SharedData.Usage)).Stored);
        await _site.ImportRowsAsync(
            _clinic, CsvRow.Session("N1", "2026-11-02T09:00:00Z", credits: "5", cost: "600.25"), CsvRow.Session("N2", "2026-11-21T23:59:59Z", credits: "7", cost: "604.25"),
            CsvRow.Session("N3", "2026-11-22T11:59:00Z", credits: "1", cost: "0.00"));
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task Every_figure_is_that_of_the_file_to_the_penny()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        var rows = SharedData.Rows(SharedData.Usage).Select(row => (Day: DateOnly.ParseExact(row[2][..10], "yyyy-MM-dd", CultureInfo.InvariantCulture), Credits: long.Parse(row[11], CultureInfo.InvariantCulture), Pence: (long)(decimal.Parse(row[12], CultureInfo.InvariantCulture) * 100))).ToList();
        var toThe22nd = rows.Where(row => row.Day >= new DateOnly(2025, 11, 1) && row.Day < new DateOnly(2026, 11, 1) && row.Day.Day <= 22).ToList();
        var (pence, credits, events) = (Twelfth(toThe22nd.Sum(row => row.Pence)), Twelfth(toThe22nd.Sum(row => row.Credits)), Twelfth(toThe22nd.Count));
        const long soFar = 60025 + 60425;
        var percent = (long)Math.Round((soFar - pence) * 100m / pence, MidpointRounding.AwayFromZero);
        Assert.InRange(percent, -99, -1);
        Assert.Equal(
            ("£1,204.50", $"{-percent}% less than usual by the 22nd ({(pence / 100m).ToString("C2", CultureInfo.GetCultureInfo("en-GB"))})"),
            (page.QuerySelector(".home-figure")!.TextContent, page.QuerySelector("[data-so-far]")!.TextContent));
        Assert.Equal((Text(credits), Text(events)), (page.QuerySelector("[data-normal-credits]")!.GetAttribute("data-normal-credits"), page.QuerySelector("[data-normal-events]")!.GetAttribute("data-normal-events")));

        var totals = SharedData.Totals("usage-totals.csv").GroupBy(total => total.Month).ToDictionary(
            month => month.Key, month => (Text(month.Sum(total => total.Events)), Text(month.Sum(total => total.Credits)), Text(month.Sum(total => total.CostPence))));
        totals["2026-11"] = ("3", "13", Text(soFar));
        var shown = page.QuerySelectorAll("tr[data-month]").ToDictionary(row => row.GetAttribute("data-month")!, Figures);
        Assert.Equal(13, shown.Count);
        Assert.All(shown, month => Assert.Equal(totals[month.Key], month.Value));

        var last = page.QuerySelector("[data-last]")!;
        Assert.Equal(("2026-10", totals["2026-10"]), (last.GetAttribute("data-last"), Figures(last)));
        Assert.StartsWith(Difference(totals, "2026-10", "2026-09", "September 2026"), page.QuerySelector("[data-before]")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith(Difference(totals, "2026-10", "2025-10", "October 2025"), page.QuerySelector("[data-year-before]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("27 months to close, the first August 2024. Close August 2024", page.QuerySelector("[data-attention=open]")!.TextContent);
    }

    [Fact]
    public async Task The_bars_of_the_months_and_the_dearest_names_are_those_of_the_file()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");

        var bars = page.QuerySelectorAll(".chart-plot a").Select(bar => (bar.GetAttribute("href")!, bar.GetAttribute("aria-label")!)).ToList();
        Assert.Equal(13, bars.Count);
        var months = Enumerable.Range(0, 12).Select(back => new DateOnly(2025, 11, 1).AddMonths(back)).ToList();
        Assert.Equal(months.Select(Bar), bars.Take(12));
        Assert.Equal(("/usage-report?year=2026&month=11&sessions=true&topUps=true", "November 2026: £1,204.50"), bars[12]);

        var october = RealUsage.Of("2026-10");
        Assert.Equal(Dearest(october, RealUsage.StaffId, RealUsage.StaffId + 1), Rows(page, "Dearest by staff"));
        Assert.Equal(Dearest(october, RealUsage.Program, RealUsage.Program), Rows(page, "Dearest by program"));
        foreach (var link in page.QuerySelectorAll(".home-card .chart-row, .chart-plot a").Select(link => link.GetAttribute("href")!))
        {
            using var answer = await finance.GetAsync(link);
            Assert.True(answer.IsSuccessStatusCode, link);
        }
    }

    [Fact]
    public async Task It_agrees_with_the_report_of_each_of_its_months()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/dashboard");
        foreach (var row in page.QuerySelectorAll("tr[data-month]"))
        {
            var report = await finance.PageAsync(row.QuerySelector("a[href^='/usage-report']")!.GetAttribute("href")!);
            Assert.Equal(Figures(report.QuerySelector("tr[data-total=all]")!), Figures(row));
        }
    }

    [Fact]
    public async Task The_page_takes_at_most_eight_commands_signing_in_included()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        await finance.PageAsync("/dashboard");
        _log.Clear();
        await finance.PageAsync("/dashboard");
        Assert.True(_log.Commands.Count is >= 1 and <= 8, string.Join("\n\n", _log.Commands.Select(command => command.Sql)));
    }

    [Fact]
    [Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
    public async Task Sums_are_read_from_the_covering_index_in_its_order_and_nothing_is_sorted()
    {
        await _site.InAsync(_clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            using var asRequest = CommandLog.AsRequest();
            await services.GetRequiredService<UsageSums>().ByDayAsync(new UsageMonth(2025, 10), CancellationToken.None);
            await services.GetRequiredService<CreditStatusQuery>().RunAsync(_site.Clock.GetUtcNow(), CancellationToken.None);
            var plans = _log.Commands.Where(command => command.Sql.Contains("GROUP BY", StringComparison.Ordinal)).Select(command => Plan(db, command)).ToList();
            Assert.Equal(2, plans.Count);
            Assert.All(plans, plan => Assert.Contains("USING COVERING INDEX IX_UsageEvents_Month (SubscriptionId=? AND ReportMonth>?", plan, StringComparison.Ordinal));
            Assert.All(plans, plan => Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal));
            return true;
        });
    }

    private static string Plan(CreditUsageDb db, (string Sql, IReadOnlyList<(string Name, object? Value)> Parameters) command)
    {
        db.Database.OpenConnection();
        using var explain = db.Database.GetDbConnection().CreateCommand();
        explain.CommandText = "EXPLAIN QUERY PLAN " + command.Sql;
        foreach (var (name, value) in command.Parameters)
        {
            var parameter = explain.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            explain.Parameters.Add(parameter);
        }
        using var reader = explain.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(3));
        return string.Join('\n', lines);
    }

    private static (string, string) Bar(DateOnly month)
    {
        var rows = RealUsage.Of($"{month:yyyy-MM}");
        var (sessions, topUps) = (RealUsage.Pence(rows.Where(row => row[RealUsage.DeviceId].Length == 0)), RealUsage.Pence(rows.Where(row => row[RealUsage.DeviceId].Length > 0)));
        return ($"/usage-report?year={month.Year}&month={month.Month}&sessions=true&topUps=true", $"{month.ToString("MMMM yyyy", British)}: {RealUsage.Pounds(sessions + topUps)} (sessions {RealUsage.Pounds(sessions)}, top-ups {RealUsage.Pounds(topUps)})");
    }

    private static IEnumerable<(string, string)> Dearest(IEnumerable<string[]> rows, int key, int name) =>
        rows.GroupBy(row => row[key]).OrderByDescending(RealUsage.Pence).Take(5).Select(group => (group.Last()[name], RealUsage.Pounds(RealUsage.Pence(group))));

    private static IEnumerable<(string, string)> Rows(IDocument page, string list) =>
        page.QuerySelectorAll($"ul[aria-label='{list}'] a").Select(row => (row.QuerySelector(".chart-row-label")!.TextContent, row.QuerySelector(".chart-row-value")!.TextContent));

    private static (string, string, string) Figures(IElement element) =>
        (element.GetAttribute("data-events")!, element.GetAttribute("data-credits")!, element.GetAttribute("data-cost-pence")!);

    private static string Difference(Dictionary<string, (string Events, string Credits, string Pence)> totals, string month, string other, string name)
    {
        var difference = long.Parse(totals[month].Pence, CultureInfo.InvariantCulture) - long.Parse(totals[other].Pence, CultureInfo.InvariantCulture);
        Assert.NotEqual(0, difference);
        return $"{(Math.Abs(difference) / 100m).ToString("C2", CultureInfo.GetCultureInfo("en-GB"))} {(difference > 0 ? "more" : "less")} than {name}";
    }

    private static long Twelfth(long sum) => (long)Math.Round(sum / 12m, MidpointRounding.AwayFromZero);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
