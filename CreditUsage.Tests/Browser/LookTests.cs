using CreditUsage.Tests.Support;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Browser;

/// <summary>Screenshots for looking at, of each page at two widths in both themes.</summary>
public sealed class LookTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(1280)]
    [InlineData(400)]
    public async Task Every_page_can_be_looked_at(int width)
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, new() { ViewportSize = new() { Width = width, Height = 900 } });
        await ShotAsync(page, "form", width);
        await page.GetByLabel("Month", new() { Exact = true }).SelectOptionAsync("September");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Query" }).ClickAsync();
        await Assertions.Expect(page.Locator("#usage-table")).ToBeVisibleAsync();
        await ShotAsync(page, "result", width);
        Assert.InRange(await page.Locator("#usage-table tbody tr").First.EvaluateAsync<double>("row => row.getBoundingClientRect().top + scrollY"), 0, width == 400 ? 520 : 330);
        await page.GetByLabel("Connected sessions").UncheckAsync();
        await page.GetByLabel("Daily top-ups").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Query" }).ClickAsync();
        await Assertions.Expect(page.Locator(".fault-summary")).ToBeVisibleAsync();
        await ShotAsync(page, "invalid", width);
        var query = "?year=2026&month=7&sessions=true&topUps=true&groupBy=staff&rows=subtotals&pictures=true&copy=accountant&programs=hidden";
        await page.GotoAsync(chromium.Url + "/usage-report" + query);
        await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save To PDF" }).ClickAsync());
        await page.GotoAsync(chromium.Url + "/saved-reports");
        await Assertions.Expect(page.Locator("[data-contents]").First).ToHaveTextAsync("Whole month, by staff, subtotals, with charts, accountant's copy, programs hidden");
        Assert.True(await page.Locator("tr[data-saved-report] td.amount:not(.wide)").First.EvaluateAsync<bool>("cost => { const box = cost.getBoundingClientRect(); return box.width > 0 && box.right <= innerWidth; }"), "The cost is not in sight.");
        await ShotAsync(page, "saved-reports", width);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('.saved-list').getBoundingClientRect().right <= innerWidth"), "The table does not fit.");
        await page.Context.CloseAsync();
    }

    private static async Task ShotAsync(IPage page, string name, int width)
    {
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artifacts, $"{name}-{width}-{theme}.png".ToLowerInvariant()) });
        }
    }
}
