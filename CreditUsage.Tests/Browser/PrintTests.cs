using CreditUsage.Tests.Support;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Browser;

/// <summary>The browser's own print, by way of the PDF that it makes of the print page.</summary>
public sealed class PrintTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Print_opens_the_whole_month_and_the_print_dialog()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance, script: "window.printed = 0; window.print = () => window.printed++;");
        await new ReportPage(page).RunAsync("October", "2026");
        Assert.InRange(await page.Locator("tr[data-event-id]").CountAsync(), 1, 1259);
        var print = await page.Context.RunAndWaitForPageAsync(() => page.Keyboard.PressAsync("Control+p"));
        await Assertions.Expect(print.Locator("tr[data-event-id]")).ToHaveCountAsync(1260);
        await print.CloseAsync();
        print = await page.Context.RunAndWaitForPageAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Print", Exact = true }).ClickAsync());
        await Assertions.Expect(print.Locator("tr[data-event-id]")).ToHaveCountAsync(1260);
        await print.WaitForLoadStateAsync();
        Assert.Equal(1, await print.EvaluateAsync<int>("window.printed"));

        var pdf = await print.PdfAsync(new() { PreferCSSPageSize = true });
        await File.WriteAllBytesAsync(Path.Combine(Chromium.Artifacts, "browser-print.pdf"), pdf);
        var pages = PdfText.Words(pdf);
        Assert.All(pages, words => Assert.Contains("Program", words));
        var pence = SharedData.Rows(SharedData.Usage).Where(row => row[2].StartsWith("2026-10", StringComparison.Ordinal)).Select(row => (long)(decimal.Parse(row[12]) * 100)).ToList();
        var amounts = PdfText.Amounts(pdf);
        Assert.Empty(pence.Except(amounts));
        // Every row once, the sentence above the table and three totals once at the end: none repeated on other pages.
        Assert.Equal(pence.Count + 4, amounts.Count);
        Assert.Equal((2 * 320_756) + 291_182 + 29_574 + pence.Sum(), amounts.Sum());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_report_page_itself_prints_with_its_money()
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance);
        await new ReportPage(page).RunAsync("August", "2026");
        var amounts = PdfText.Amounts(await page.PdfAsync(new() { PreferCSSPageSize = true }));
        var pence = SharedData.Rows(SharedData.Awkward).Where(row => row[2].StartsWith("2026-08", StringComparison.Ordinal)).Select(row => (long)(decimal.Parse(row[12]) * 100)).ToList();
        Assert.Equal(pence.Count + 4, amounts.Count);
        await page.Context.CloseAsync();
    }
}
