using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>A long month: totals at once, the first rows at once, the others as the reader comes to them.</summary>
public sealed class LongMonthTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly int Events = Tier.Times(quick: 3_000, exhaustive: 10_000);

    [Fact]
    public async Task Its_events_are_all_there_and_each_once()
    {
        var subscription = await chromium.Clinics.Site.SubscriptionAsync("Large Clinic", new DateOnly(2026, 10, 1));
        await chromium.Clinics.Site.PriceAsync(subscription, new DateOnly(2026, 10, 1), 525_000);
        await chromium.Clinics.Site.ImportRowsAsync(subscription, [.. Enumerable.Range(0, Events).Select(Row)]);
        await chromium.Clinics.Site.UserAsync(subscription, "finance@large.example", Roles.FinanceAdministrator);
        var page = await chromium.SignedInAsync("finance@large.example");
        var report = new ReportPage(page);

        await report.RunAsync("October", "2026");
        // One credit each at 52.5p, rounded for each event to 53p.
        Assert.Equal((Events * 53).ToString(), await report.TotalAsync("all", "data-cost-pence"));
        await Expect(report.Rows).ToHaveCountAsync(1000);
        await page.RouteAsync("**/usage-report?*after=*", route => route.FulfillAsync(new() { Status = 500 }));
        await page.Locator("tr.more-rows").ScrollIntoViewIfNeededAsync();
        await Expect(page.Locator("#failure")).ToContainTextAsync("Nothing was lost");
        await page.UnrouteAsync("**/usage-report?*after=*");
        await report.Button("Try again").ClickAsync();
        await Expect(report.Rows).ToHaveCountAsync(1500);
        for (var shown = 1500; shown < Events; shown += 500)
        {
            await page.Locator("tr.more-rows").ScrollIntoViewIfNeededAsync();
            await Expect(report.Rows).ToHaveCountAsync(shown + 500);
        }
        await Expect(page.Locator("tr.more-rows")).ToHaveCountAsync(0);
        var ids = await report.Rows.EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.eventId)");
        Assert.Equal(Enumerable.Range(0, Events).Select(Id), ids);
        foreach (var width in new[] { 1280, 400 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await report.Rows.Nth(1500).ScrollIntoViewIfNeededAsync();
            await Expect(report.Heading).ToBeInViewportAsync();
            await Expect(report.Table.Locator("tr[data-total=all] td").Last).ToBeInViewportAsync();
            if (width == 1280) await Expect(report.Table.Locator("th[data-column=cost]")).ToBeInViewportAsync();
        }
        await page.Context.CloseAsync();
    }

    private static string Id(int number) => $"L{number:D6}";

    private static string Row(int number)
    {
        var started = new DateTime(2026, 10, 1, 6, 0, 0, DateTimeKind.Utc).AddMinutes(number * 4);
        return $"{Id(number)},connected-session,{started:yyyy-MM-dd'T'HH:mm:ss'Z'},S{number % 20:D3},Staff {number % 20},C{number % 300:D5},Client {number % 300},Program {number % 15},,,5,,";
    }
}
