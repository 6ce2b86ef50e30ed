using CreditUsage.Tests.Core.Jobs;
using CreditUsage.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>A long month saved by somebody with a browser: the page about its making, until it is there.</summary>
public sealed class BackgroundReportTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Save_to_pdf_leads_to_its_progress_which_survives_leaving_and_ends_with_the_report()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        site.Engine.Before = (_, rows, cancellation) =>
        {
            rows?.Report(2);
            return gate.Task.WaitAsync(cancellation);
        };
        var page = await SignedInAsync(site);
        var report = new ReportPage(page);
        await report.RunAsync("October", "2026");
        await report.SaveToPdf.ClickAsync();
        await page.WaitForURLAsync("**/usage-report/jobs/*");
        await Expect(page.Locator("#job-state")).ToContainTextAsync("2 of 3 rows");
        await AxeAsync(page);

        var cancel = page.GetByRole(AriaRole.Button, new() { Name = "Cancel" });
        await cancel.FocusAsync();
        await page.WaitForResponseAsync(response => response.Url == page.Url);
        await page.WaitForResponseAsync(response => response.Url == page.Url);
        await Expect(cancel).ToBeFocusedAsync();

        await page.GotoAsync(page.Url[..page.Url.IndexOf("/usage-report", StringComparison.Ordinal)] + "/usage-report");
        await page.GetByRole(AriaRole.Link, new() { Name = "Reports in progress" }).ClickAsync();
        await Expect(page.Locator("tr[data-report-job]")).ToContainTextAsync("In progress");
        await Expect(page.Locator("#running-work")).ToContainTextAsync("PDF of October 2026: 2 of 3 rows");
        await AxeAsync(page);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "PDF of October 2026" }).ClickAsync();
        gate.SetResult();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Saved", Exact = true })).ToBeFocusedAsync();
        await Expect(page).ToHaveTitleAsync("PDF of October 2026 - Saved - CreditUsage");
        await Expect(page.Locator("#status")).ToHaveTextAsync("PDF of October 2026: Saved");
        await AxeAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Cancel_ends_it_and_try_again_begins_anew()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var page = await SignedInAsync(site);
        var report = new ReportPage(page);
        await report.RunAsync("October", "2026");
        await report.SaveToPdf.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Cancelled", Exact = true })).ToBeVisibleAsync();
        await AxeAsync(page);
        gate.SetResult();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_pack_of_a_long_month_leads_to_its_report_whose_download_goes_into_the_chosen_folder()
    {
        await using var site = await JobSite.StartAsync();
        var gate = site.Engine.Close();
        var page = await SignedInAsync(site, SavePathTests.Picker);
        var start = page.Url;
        var report = new ReportPage(page);
        await report.SetSavePath.ClickAsync();
        await report.Button("Choose folder").ClickAsync();
        await Expect(report.SavePath).ToHaveTextAsync("Documents sub (on this computer)");
        await page.GotoAsync($"{start}/pack{JobSite.October}");
        await AxeAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate in the background" }).ClickAsync();
        await page.WaitForURLAsync("**/usage-report/jobs/*");

        // The list follows, and leaves the focus where it is.
        await page.GotoAsync($"{start}/jobs");
        var link = page.Locator("tr[data-report-job] th a");
        await link.FocusAsync();
        gate.SetResult();
        await Expect(page.Locator("tr[data-report-job]")).ToContainTextAsync("Saved");
        await Expect(link).ToBeFocusedAsync();
        await AxeAsync(page);

        await link.ClickAsync();
        await page.WaitForURLAsync("**/usage-report/jobs/*");
        await page.GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true }).ClickAsync();
        await Expect(page.Locator("#save-message")).ToHaveTextAsync("Saved Credit Usage Report 2026-10.pdf to Documents sub.");
        Assert.Equal(["file:Credit Usage Report 2026-10.pdf"], await page.EvaluateAsync<string[]>(SavePathTests.Files, new[] { "Documents sub" }));
        var pack = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download pack" }).ClickAsync());
        Assert.Equal("Credit Usage Pack 2026-10.zip", pack.SuggestedFilename);
        await AxeAsync(page);
        await page.Context.CloseAsync();
    }

    private async Task<IPage> SignedInAsync(JobSite site, string? script = null)
    {
        var page = await chromium.PageAsync(script: script);
        await page.GotoAsync(site.Site.ClientOptions.BaseAddress.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "usage-report");
        await page.GetByLabel("E-mail address").FillAsync(JobSite.Finance);
        await page.GetByLabel("Password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/usage-report");
        return page;
    }

    private static async Task AxeAsync(IPage page)
    {
        var found = await page.AxeFindsAsync(new Uri(page.Url).AbsolutePath);
        Assert.True(found.Count == 0, string.Join('\n', found));
    }
}
