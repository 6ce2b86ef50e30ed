using System.Security.Cryptography;
using CreditUsage.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>The Finance Administrator's whole way: sign in, run, save, find it again, sign out.</summary>
public sealed class ReportJourneyTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task From_sign_in_to_a_right_pdf_and_out_again()
    {
        var expected = SharedData.Totals("usage-totals.csv").Where(total => total.Month == "2026-10").ToList();
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await Expect(page).ToHaveTitleAsync("Credit Usage Report - CreditUsage");
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Credit Usage Report" })).ToHaveAttributeAsync("aria-current", "page");
        await Expect(page.GetByLabel("Month", new() { Exact = true })).ToHaveValueAsync("10");

        await report.RunQuery.ClickAsync();
        await Expect(report.Heading).ToBeFocusedAsync();
        await Expect(page).ToHaveTitleAsync("Credit Usage Report - October 2026 - CreditUsage");
        await Expect(report.Status).ToHaveTextAsync("1,260 events, £3,207.56");
        Assert.Equal(expected.Sum(total => total.CostPence).ToString(), await report.TotalAsync("all", "data-cost-pence"));

        var download = await page.RunAndWaitForDownloadAsync(() => report.SaveToPdf.ClickAsync());
        Assert.Equal("Credit Usage Report 2026-10.pdf", download.SuggestedFilename);
        var path = Path.Combine(Chromium.Artifacts, download.SuggestedFilename);
        await download.SaveAsAsync(path);
        HoldsTheMonth(await File.ReadAllBytesAsync(path), "2026-10", expected);

        await Expect(report.SaveMessage).ToContainTextAsync("was downloaded");
        await report.OpenReportsFolder.ClickAsync();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path)));
        var saved = page.Locator("tr[data-saved-report]").First;
        await Expect(saved.Locator("summary")).ToContainTextAsync(sha256[..8]);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await saved.GetByRole(AriaRole.Button, new() { Name = "Copy the checksum of Credit Usage Report 2026-10.pdf" }).ClickAsync();
        await Expect(page.Locator("#copied")).ToHaveTextAsync("Checksum copied");
        Assert.Equal(sha256, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Equal(1, await saved.EvaluateAsync<int>("row => new Set([...row.cells].map(cell => cell.getBoundingClientRect().top)).size"));
        var again = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download Credit Usage Report 2026-10.pdf" }).First.ClickAsync());
        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(await again.PathAsync()));

        await page.OpenAccountMenuAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_page_that_stays_open_is_emptied_when_its_session_ends()
    {
        const string report = "/usage-report?year=2026&month=10&sessions=true&topUps=true";
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(chromium.Url + report + "#main");
        await page.OpenAccountMenuAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();

        var idle = await chromium.SignedInAsync(Clinics.Finance);
        await idle.Clock.InstallAsync();
        await idle.GotoAsync(chromium.Url + report);
        var used = await idle.Context.NewPageAsync();
        await idle.Clock.FastForwardAsync("29:00");
        var heard = idle.EvaluateAsync("() => new Promise(heard => new BroadcastChannel('session-end /js/').addEventListener('message', () => heard(), { once: true }))");
        await used.GotoAsync(chromium.Url + report);
        await heard;
        await idle.Context.ClearCookiesAsync();
        await idle.Clock.FastForwardAsync("02:00");
        await Expect(new ReportPage(idle).Table).ToBeVisibleAsync();
        await idle.Clock.FastForwardAsync("30:00");
        await Expect(idle.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.Contains("ReturnUrl=%2Fusage-report%3Fyear%3D2026", idle.Url, StringComparison.Ordinal);
        await idle.Context.CloseAsync();
    }

    [Fact]
    public async Task The_awkward_names_are_shown_as_they_are_and_run_nothing()
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance);
        var report = new ReportPage(page);
        var refused = new List<string>();
        page.Dialog += (_, dialog) => refused.Add(dialog.Message);
        page.Console += (_, message) => { if (message.Type == "error") refused.Add(message.Text); };
        await report.RunAsync("September", "2026");
        var rows = SharedData.Rows(SharedData.Awkward).Where(row => row[2].StartsWith("2026-09", StringComparison.Ordinal)).ToList();
        var shown = await report.Table.Locator("tbody tr td:nth-child(4)").AllTextContentsAsync();
        Assert.Equal(rows.Select(row => string.Join(' ', row[6].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        Assert.Empty(refused);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_scripts_the_form_the_table_sorting_and_saving_work()
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, new() { JavaScriptEnabled = false });
        var report = new ReportPage(page);
        await report.RunAsync("August", "2026");
        await Expect(report.Rows).ToHaveCountAsync(SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-08").Sum(total => total.Events));
        await report.Table.GetByRole(AriaRole.Link, new() { Name = "Cost (GBP)" }).ClickAsync();
        await Expect(report.Table.Locator("th[aria-sort]")).ToHaveAttributeAsync("data-column", "cost");
        var download = await page.RunAndWaitForDownloadAsync(() => report.SaveToPdf.ClickAsync());
        Assert.Equal("Credit Usage Report 2026-08.pdf", download.SuggestedFilename);
        await page.GetByLabel("Connected sessions").UncheckAsync();
        await page.GetByLabel("Daily top-ups").UncheckAsync();
        await report.RunQuery.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is a problem" })).ToBeVisibleAsync();
        await Expect(page).ToHaveTitleAsync("Error: Credit Usage Report - CreditUsage");
        await page.Locator(".account-button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeHiddenAsync();
        await page.OpenAccountMenuAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private static void HoldsTheMonth(byte[] pdf, string month, IReadOnlyList<ExpectedTotal> expected)
    {
        var rows = SharedData.Rows(SharedData.Usage).Where(row => row[2].StartsWith(month, StringComparison.Ordinal)).Select(row => (long)(decimal.Parse(row[12]) * 100)).ToList();
        var totals = expected.Select(total => total.CostPence).Append(expected.Sum(total => total.CostPence));
        using (var document = PdfRead.Open(pdf)) Assert.Equal(rows.Concat(totals).Order(), document.Amounts().Select(pounds => (long)(decimal.Parse(pounds[1..], System.Globalization.CultureInfo.InvariantCulture) * 100)).Order());
        var pages = PdfText.Words(pdf);
        for (var number = 1; number <= pages.Count; number++)
            Assert.Contains($"Page {number} of {pages.Count}", string.Join(' ', pages[number - 1]), StringComparison.Ordinal);
    }
}
