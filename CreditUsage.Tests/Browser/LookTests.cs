using CreditUsage.Tests.Support;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Browser;

/// <summary>Screenshots for looking at, of each page at two widths in both themes.</summary>
public sealed class LookTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(400, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task Every_page_can_be_looked_at(int width, ColorScheme theme)
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = theme });
        await ShotAsync(page, "form", width, theme);
        await page.GetByLabel("Month", new() { Exact = true }).SelectOptionAsync("September");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Query" }).ClickAsync();
        await Assertions.Expect(page.Locator("#usage-table")).ToBeVisibleAsync();
        await ShotAsync(page, "result", width, theme);
        await page.GetByLabel("Connected sessions").UncheckAsync();
        await page.GetByLabel("Daily top-ups").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Query" }).ClickAsync();
        await Assertions.Expect(page.Locator(".fault-summary")).ToBeVisibleAsync();
        await ShotAsync(page, "invalid", width, theme);
        await page.GotoAsync(chromium.Url + "/saved-reports");
        await ShotAsync(page, "saved-reports", width, theme);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");
        await page.Context.CloseAsync();
    }

    private static Task ShotAsync(IPage page, string name, int width, ColorScheme theme) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artifacts, $"{name}-{width}-{theme}.png".ToLowerInvariant()) });
}
