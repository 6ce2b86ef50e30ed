using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CreditUsage.Tests.Browser;

/// <summary>axe on each page and state, in both themes.</summary>
public sealed class AccessibilityTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string[] Pages =
    [
        "/usage-report/print?year=2026&month=9&topUps=true", "/usage-report/print?year=2026&month=9&topUps=true&pictures=true", "/usage-report/pdf?year=2026&month=9", "/usage-report/jobs", "/saved-reports", "/Identity/Account/Manage/ChangePassword", "/Identity/Account/Manage/Sessions",
        "/imports", "/imports/mappings", "/usage-report", "/usage-report?year=2026&month=9&sessions=true&topUps=true", "/usage-report?year=2026&month=11&topUps=true", "/usage-report?year=2026&month=9",
        "/usage-report?year=2026&month=9&topUps=true&copy=accountant&programs=hidden", "/usage-report?year=2026&month=9&topUps=true&programs=hidden", "/usage-report/pack?year=2026&month=9",
        "/usage-report?year=2026&month=9&topUps=true&groupBy=client&columns=staff,client,credits", "/usage-report/explain?year=2026&month=9&topUps=true", "/usage-report/compare?year=2026&month=9&topUps=true", "/usage-report/pictures?year=2026&month=9&topUps=true", "/usage-report?year=2026&month=9&topUps=true&pictures=true", "/usage-report/views",
        "/usage-report/billback?year=2026&month=9&topUps=true&by=client", "/usage-report/billback?year=2026&month=9&by=nobody", "/verify",
        "/usage-report/money-found?year=2026&month=9", "/usage-report/money-found?year=2026&month=9&days=x", "/usage-report/rows-verified?year=2026&month=9", "/usage-report/accounting?year=2026&month=9", "/usage-report/accounting?year=2026&month=13",
        "/Identity/Account/AccessDenied", "/nowhere",
        "/schedules", "/schedules/new", "/deliveries", "/alerts", "/clinics",
        "/months", "/months/2024-08", "/months/2026-10", "/corrections", "/corrections?event=E00000001", "/corrections?event=none", "/corrections/record", "/corrections/replace?event=E00000001", "/dashboard", "/credits", "/credits/prices", "/credits/prices?try=0.5&packSize=100&packPaid=60&packVat=10", "/credits/prices/reprice?from=2026-11-01&to=2026-11-30&price=0.5", "/credits/record/purchase", "/credits/record/adjustment", "/credits/statement", "/credits/statement?year=2026&month=13", "/credits/proof",
        "/credits/purchases/by-file", "/schedules/by-file", "/deliveries/by-file",
    ];

    /// <summary>What is drawn differently in a narrow window.</summary>
    private static readonly string[] NarrowPages =
    [
        "/dashboard", "/usage-report/pictures?year=2026&month=9&sessions=true&topUps=true&unit=credits", "/usage-report?year=2026&month=9&topUps=true",
        "/usage-report?year=2026&month=9&sessions=true&topUps=true&groupBy=staff&rows=subtotals",
    ];

    [Fact]
    public async Task Axe_finds_nothing_on_any_page()
    {
        var page = await chromium.PageAsync();
        var found = new List<string>();
        async Task LookAtAsync(string stop, ILocator? there = null)
        {
            if (there is not null) await there.WaitForAsync();
            found.AddRange(await page.AxeFindsAsync(stop));
        }

        async Task LookAsync(string path)
        {
            await page.GotoAsync(chromium.Url + path);
            await LookAtAsync(path);
        }

        await LookAsync("/Identity/Account/Login");
        await page.Context.CloseAsync();
        page = await chromium.SignedInAsync(Clinics.AwkwardFinance);
        await page.GotoAsync(chromium.Url + "/usage-report?year=2026&month=9&sessions=true&topUps=true");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set Save Path" }).ClickAsync();
        await LookAtAsync("save path", page.GetByRole(AriaRole.Heading, new() { Name = "Set Save Path" }));
        await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save To PDF" }).ClickAsync());
        await LookAsync("/imports");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "bad.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(CsvText.Of(CsvRow.Session("E1", "yesterday"), "E2")) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload and check" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Has errors" }).WaitForAsync();
        await LookAsync(new Uri(page.Url).AbsolutePath);
        await LookAsync(new Uri(page.Url).AbsolutePath + "/columns");
        await page.GotoAsync(chromium.Url + "/credits/purchases/by-file");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "purchases.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes("day,credits,paid,vat,invoice\n2026-11-01,50,27,4.5,AXE-1\nyesterday,50,27,4.5,AXE-2") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the preview" }).ClickAsync();
        await LookAtAsync("purchases with an error", page.GetByRole(AriaRole.Heading, new() { Name = "Errors" }));
        foreach (var path in Pages) await LookAsync(path);
        await page.GotoAsync(chromium.Url + "/dashboard");
        await page.OpenAccountMenuAsync();
        await LookAtAsync("account menu", page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }));
        await page.GetByRole(AriaRole.Button, new() { Name = "Keyboard shortcuts" }).ClickAsync();
        await LookAtAsync("keyboard shortcuts", page.GetByRole(AriaRole.Heading, new() { Name = "Keyboard shortcuts" }));
        await page.SetViewportSizeAsync(400, 900);
        await page.GotoAsync(chromium.Url + "/dashboard");
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu", Exact = true }).ClickAsync();
        await LookAtAsync("navigation at 400 px", page.GetByRole(AriaRole.Link, new() { Name = "Top-up schedules" }));
        foreach (var path in (Tier.Exhaustive ? Pages : []).Concat(NarrowPages))
        {
            await LookAsync(path);
            await page.EvaluateAsync("document.querySelectorAll('main details').forEach(folded => folded.open = true)");
            await LookAtAsync($"{path}, unfolded");
            // The print page is as wide as its paper.
            if (!path.Contains("/print?", StringComparison.Ordinal) && await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth")) found.Add($"{path} scrolls sideways.");
        }
        foreach (var (button, menu) in new[] { ("Choose another month", "#months"), ("Options", "#report-options"), ("Export", "#export-menu"), ("More", "#more-menu") })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            await LookAtAsync(menu, page.Locator(menu));
            await page.Keyboard.PressAsync("Escape");
        }
        await page.Context.CloseAsync();
        page = await chromium.SignedInAsync(Clinics.Administrator);
        if (Tier.Exhaustive)
        {
            foreach (var width in new[] { 400, 1280 })
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.GotoAsync(chromium.Url + "/usage-report?year=2026&month=10&sessions=true&topUps=true");
                Assert.Equal(1000, await page.Locator("tr[data-event-id]").CountAsync());
                await LookAtAsync($"a thousand rows at {width} px");
            }
        }
        foreach (var path in new[] { "/clinic", "/anonymise", "/users/by-file", "/webhooks", "/letterhead", "/audit", "/audit?from=x", "/schedules", "/deliveries", "/alerts", "/alerts?add=StaffMonthAbove", "/usage-report/money-found?year=2026&month=10", "/usage-report/accounting?year=2026&month=10" }) await LookAsync(path);
        await LookAsync("/api-keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await LookAtAsync("a key that is refused", page.Locator(".fault-summary"));
        await page.GetByLabel("Name").FillAsync("Axe");
        await page.GetByLabel("Your password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await LookAtAsync("a key that was made", page.GetByText("Copy it now"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Revoke Axe" }).ClickAsync();
        await LookAtAsync("a key to revoke", page.GetByRole(AriaRole.Button, new() { Name = "Revoke key" }));
        await page.Context.CloseAsync();
        await chromium.Clinics.Site.InAsync(chromium.Clinics.Awkward, services => services.GetRequiredService<CreateUser>().AddAsync(Clinics.Administrator, Roles.FinanceAdministrator, CancellationToken.None));
        page = await chromium.SignedInAsync(Clinics.Administrator);
        foreach (var width in new[] { 1280, 400 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await LookAsync("/clinics");
            await page.GetByRole(AriaRole.Button, new() { Name = "Switch clinic" }).ClickAsync();
            await LookAtAsync($"clinics at {width} px", page.Locator("#clinic-menu button").First);
            if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth")) found.Add($"/clinics scrolls sideways at {width} px.");
        }
        await page.Context.CloseAsync();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }
}
