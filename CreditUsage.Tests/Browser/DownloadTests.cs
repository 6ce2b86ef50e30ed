using System.Text;
using CreditUsage.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>A file that takes its time: it says so, can be cancelled, and says why where it fails.</summary>
public sealed class DownloadTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Csv = "**/usage-report/csv?*";

    [Fact]
    public async Task A_slow_file_is_waited_for_in_sight_and_comes_whole_under_its_name()
    {
        var page = await ReportAsync();
        var go = new TaskCompletionSource();
        await page.RouteAsync(Csv, async route =>
        {
            await go.Task;
            await route.ContinueAsync();
        });
        await ExportAsync(page, "Download CSV");
        await Expect(page.Locator("#downloads")).ToContainTextAsync("Download CSV: preparing the file…");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artifacts, "download-1280-light.png") });
        var download = await page.RunAndWaitForDownloadAsync(() =>
        {
            go.SetResult();
            return Task.CompletedTask;
        });
        Assert.Equal("Credit Usage Report 2026-09.csv", download.SuggestedFilename);
        using var visitor = await Visitor.SignedInAsync(chromium.Clinics.Site, Clinics.AwkwardFinance);
        using var whole = await visitor.GetAsync("/usage-report/csv?year=2026&month=9&sessions=true&topUps=true");
        Assert.Equal(await whole.Content.ReadAsStringAsync(), await File.ReadAllTextAsync(await download.PathAsync(), Encoding.UTF8));
        await Expect(page.Locator("#downloads")).ToBeEmptyAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task It_can_be_cancelled_and_a_failure_is_said_until_it_is_dismissed()
    {
        var page = await ReportAsync();
        await page.RouteAsync(Csv, _ => Task.CompletedTask);
        await ExportAsync(page, "Download CSV");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel Download CSV" }).ClickAsync();
        await Expect(page.Locator("#downloads")).ToContainTextAsync("Download CSV: cancelled");
        await page.UnrouteAsync(Csv);
        await page.RouteAsync(Csv, route => route.FulfillAsync(new() { Status = 503, ContentType = "text/html", Body = "<main><p data-problem>The database is busy. Try again in a minute.</p></main>" }));
        await page.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await ExportAsync(page, "Download CSV");
        await Expect(page.Locator("#downloads")).ToContainTextAsync("Download CSV: The database is busy. Try again in a minute.");
        await page.UnrouteAsync(Csv);
        await page.RouteAsync(Csv, route => route.AbortAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await ExportAsync(page, "Download CSV");
        await Expect(page.Locator("#downloads")).ToContainTextAsync("Download CSV: the server could not be reached. Try again.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Pack_and_billback_come_the_same_way_and_without_a_session_the_sign_in_does()
    {
        var page = await ReportAsync();
        var pack = await page.RunAndWaitForDownloadAsync(() => ExportAsync(page, "Download pack"));
        Assert.EndsWith(".zip", pack.SuggestedFilename, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Billback" }).Last.ClickAsync();
        var billback = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save billback PDF" }).ClickAsync());
        Assert.EndsWith(".pdf", billback.SuggestedFilename, StringComparison.Ordinal);
        await page.GoBackAsync();
        await page.Context.ClearCookiesAsync();
        await ExportAsync(page, "Download Excel");
        await Expect(page.GetByLabel("E-mail address")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private static async Task ExportAsync(IPage page, string file)
    {
        if (!await page.Locator("#export-menu").IsVisibleAsync()) await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = file }).ClickAsync();
    }

    private async Task<IPage> ReportAsync()
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance);
        await new ReportPage(page).RunAsync("September", "2026");
        return page;
    }
}
