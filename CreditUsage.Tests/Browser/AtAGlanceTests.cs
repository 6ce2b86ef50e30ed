using CreditUsage.Core.Demo;
using CreditUsage.Tests.Support;
using Microsoft.Playwright;
using static CreditUsage.Tests.Features.Home.DemoAnswers;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>What a Finance Administrator wants to know or to have done, from the page that the sign-in leads to: each within three clicks, with the figures of the demo's raw events.</summary>
public sealed class AtAGlanceTests(Chromium chromium, QuickDemoSite demo) : IClassFixture<Chromium>, IClassFixture<QuickDemoSite>
{
    private IPage _page = null!;
    private int _clicks;

    private string Url => demo.Site.ClientOptions.BaseAddress.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    [Fact]
    public async Task Every_question_is_answered_within_three_clicks_of_the_sign_in()
    {
        _page = await chromium.PageAsync();
        await SignInAsync();
        var (before, now, dueToPrice) = OctoberAgainstLastOctober();

        await AskAsync("Where does November stand?", () => Expect(_page.Locator("[aria-labelledby=so-far]")).ToContainTextAsync(Pounds(CostOf(October.AddMonths(1)))));
        await AskAsync("What did October cost against last October, and why?", async () =>
        {
            await ClickAsync(_page.Locator("[data-year-before]"));
            await Expect(_page.Locator("p.result-sentence")).ToContainTextAsync($"October 2026 cost {Pounds(now)}, {Pounds(now - before)} more than October 2025: +{Pounds(dueToPrice)} due to price and +{Pounds(now - before - dueToPrice)} due to usage.");
        });
        await AskAsync("Who cost most?", () => Expect(_page.Locator("[aria-labelledby=staff-title] .chart-row").First).ToContainTextAsync($"{StaffByCost()[0].Name} {Pounds(StaffByCost()[0].Pence)}", new() { UseInnerText = true }));
        await AskAsync("Which cards waste money?", async () =>
        {
            await ClickAsync(Entry("Savings"));
            var idle = IdleDevices();
            await Expect(_page.Locator("table[data-list=idle] tr[data-finding]")).ToHaveCountAsync(idle.Count);
            await Expect(_page.Locator("table[data-list=idle] tfoot")).ToContainTextAsync(Pounds(idle.Sum(device => device.Pence)));
        });
        await AskAsync("When do credits run out?", async () =>
        {
            var inHand = long.Parse((await _page.Locator("[data-available]").GetAttributeAsync("data-available"))!);
            await Expect(_page.Locator("[data-forecast]")).ToContainTextAsync($"Run out on {RunsOutOn(inHand):dd/MM/yyyy}. Order by {RunsOutOn(inHand).AddDays(-7):dd/MM/yyyy}.");
        });
        await AskAsync("October's PDF", async () =>
        {
            await ClickAsync(_page.GetByRole(AriaRole.Link, new() { Name = "Open report" }));
            var report = new ReportPage(_page);
            await _page.RunAndWaitForDownloadAsync(() => ClickAsync(report.SaveToPdf));
            await Expect(report.SaveMessage).ToContainTextAsync("Credit Usage Report 2026-10.pdf was downloaded.");
            await _page.GotoAsync(Url + "saved-reports");
            await Expect(_page.Locator("tr[data-saved-report]").First).ToContainTextAsync(Pounds(now));
        });
        await AskAsync("The month before, printed", async () =>
        {
            await ClickAsync(_page.GetByRole(AriaRole.Link, new() { Name = "Open report" }));
            await ClickAsync(_page.GetByRole(AriaRole.Navigation, new() { Name = "Other months" }).GetByRole(AriaRole.Link, new() { Name = "September 2026", Exact = true }));
            await Expect(new ReportPage(_page).Heading).ToContainTextAsync("September 2026");
            var print = await _page.Context.RunAndWaitForPageAsync(() => ClickAsync(_page.GetByRole(AriaRole.Link, new() { Name = "Print", Exact = true })));
            await Expect(print.Locator("tr[data-total=all]")).ToHaveAttributeAsync("data-cost-pence", CostOf(October.AddMonths(-1)).ToString(System.Globalization.CultureInfo.InvariantCulture));
            await print.CloseAsync();
        });
        await AskAsync("27 months closed", async () =>
        {
            await ClickAsync(Entry("Close months"));
            await _page.GetByLabel("Note").FillAsync("History at once.");
            await ClickAsync(_page.GetByRole(AriaRole.Button, new() { Name = "Close months" }));
            await Expect(_page.Locator("#state-heading")).ToHaveTextAsync("Closed");
            await _page.GotoAsync(Url + "months");
            await Expect(_page.Locator("tr[data-month]").Filter(new() { HasText = "Closed" })).ToHaveCountAsync(27);
            await Expect(_page.Locator("tr[data-month='2026-10']")).ToContainTextAsync(Pounds(now));
            await _page.GotoAsync(Url + "usage-report?year=2026&month=11&sessions=true&topUps=true");
            await Expect(_page.Locator("#months .month-state").Filter(new() { HasText = "✓" })).ToHaveCountAsync(27);
            await Expect(_page.Locator("#months .month-state").Filter(new() { HasText = "…" })).ToHaveCountAsync(1);
        });
        await _page.Context.CloseAsync();
    }

    /// <summary>What scrolls in a box of its own counts too, but for the months of a heat map, of which the newest is in view.</summary>
    [Fact]
    public async Task Nothing_scrolls_sideways_on_a_phone()
    {
        _page = await chromium.PageAsync(new() { ViewportSize = new() { Width = 400, Height = 900 } });
        await SignInAsync();
        var found = new List<string>();
        foreach (var path in new[]
        {
            "dashboard", "saved-reports", "usage-report/pictures?year=2026&month=10&sessions=true&topUps=true", "usage-report/compare?year=2026&month=10&sessions=true&topUps=true&with=previous", "usage-report/money-found?year=2026&month=10",
            "usage-report/billback?year=2026&month=10&sessions=true&topUps=true&by=client", "usage-report/explain?year=2026&month=10&sessions=true&topUps=true", "usage-report/rows-verified?year=2026&month=10", "usage-report/accounting?year=2026&month=10",
            "usage-report?year=2026&month=10&sessions=true&topUps=true", "usage-report?year=2026&month=10&sessions=true&topUps=true&groupBy=staff&rows=subtotals", "usage-report?year=2026&month=9&topUps=true&copy=accountant&programs=hidden", "credits", "credits/statement?year=2026&month=10", "credits/prices", "credits/proof",
            "schedules", "months", "months/2026-10", "corrections", "deliveries", "imports", "alerts", "usage-report/views", "usage-report/jobs",
        })
        {
            await _page.GotoAsync(Url + path);
            found.AddRange(await _page.EvaluateAsync<string[]>("""
                path => [...document.querySelectorAll("html, main, main *")]
                  .filter(box => box.scrollWidth > box.clientWidth + 1 && (box.matches("html") || ["auto", "scroll"].includes(getComputedStyle(box).overflowX)) && !box.querySelector(":scope > .heat-table"))
                  .map(box => `${path}: ${box.getAttribute("aria-label") ?? box.tagName} is ${box.scrollWidth} px wide`)
                """, path));
        }
        Assert.True(found.Count == 0, string.Join('\n', found));
        await _page.Context.CloseAsync();
    }

    private async Task SignInAsync()
    {
        await _page.GotoAsync(Url);
        await _page.GetByLabel("E-mail address").FillAsync(DemoClinic.Riverside.Finance);
        await _page.GetByLabel("Password").FillAsync(demo.Password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await _page.WaitForURLAsync("**/dashboard");
    }

    /// <summary>Begins where the sign-in led to.</summary>
    private async Task AskAsync(string question, Func<Task> answer)
    {
        await _page.GotoAsync(Url + "dashboard");
        _clicks = 0;
        await answer();
        Assert.True(_clicks <= 3, $"{question} took {_clicks} clicks.");
    }

    private Task ClickAsync(ILocator what)
    {
        _clicks++;
        return what.ClickAsync();
    }

    private ILocator Entry(string label) => _page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = label });
}
