using CreditUsage.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>What a query does in the browser: waiting, cancelling, clicking too often, going back, failing.</summary>
public sealed class QueryTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Queries = "**/usage-report?*";

    [Fact]
    public async Task Five_clicks_run_one_query_and_the_wait_is_in_sight()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await report.RunAsync("September", "2026");
        var places = new List<double>();
        async Task PlaceAsync() => places.Add(await report.Results.EvaluateAsync<double>("results => results.getBoundingClientRect().top + scrollY"));
        var (started, go) = (0, new TaskCompletionSource());
        await page.RouteAsync(Queries, async route =>
        {
            started++;
            await go.Task;
            await route.ContinueAsync();
        });
        await page.SetViewportSizeAsync(400, 900);
        await PlaceAsync();
        await page.SetViewportSizeAsync(1280, 900);
        await PlaceAsync();
        await report.ChooseAsync("October", "2026");
        await report.RunQuery.EvaluateAsync("button => { for (let i = 0; i < 5; i++) button.click(); }");
        await Expect(report.Progress).ToBeVisibleAsync();
        await Expect(report.Progress).ToContainTextAsync("Running query… 1 s");
        await Expect(report.RunQuery).ToBeDisabledAsync();
        await Expect(report.Results).ToHaveAttributeAsync("aria-busy", "true");
        await Expect(report.Status).ToHaveTextAsync("Running query");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artifacts, "waiting-1280-light.png") });
        await page.SetViewportSizeAsync(400, 900);
        await PlaceAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artifacts, "waiting-400-light.png") });
        await page.SetViewportSizeAsync(1280, 900);
        await PlaceAsync();
        // Nothing has moved, in neither width.
        Assert.Equal(places[..2], places[2..]);
        go.SetResult();
        await Expect(report.Heading).ToContainTextAsync("October 2026");
        await Expect(report.Progress).ToBeHiddenAsync();
        await Expect(report.RunQuery).ToBeEnabledAsync();
        Assert.Equal(1, started);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Cancel_stops_the_request_and_leaves_the_page_as_it_was()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await report.RunAsync("October", "2026");
        await page.RouteAsync(Queries, _ => Task.CompletedTask);
        var failed = new TaskCompletionSource<string?>();
        page.RequestFailed += (_, request) => failed.TrySetResult(request.Failure);
        await report.ChooseAsync("September", "2026");
        await report.RunQuery.ClickAsync();
        await report.Cancel.ClickAsync();
        Assert.Equal("net::ERR_ABORTED", await failed.Task);
        await Expect(report.Status).ToHaveTextAsync("Query cancelled");
        await Expect(page.GetByText("Query cancelled. The result did not change.")).ToBeVisibleAsync();
        await Expect(report.RunQuery).ToBeFocusedAsync();
        await Expect(report.Heading).ToContainTextAsync("October 2026");
        await Expect(report.Results).ToHaveAttributeAsync("aria-busy", "false");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Back_reload_and_a_bookmark_show_a_whole_page()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await report.RunAsync("September", "2026");
        await report.RunAsync("August", "2026");
        await page.GotoAsync(chromium.Url + "/saved-reports");
        await page.GoBackAsync();
        await IsWholePageOfAsync(page, "August");
        await page.GoBackAsync();
        await IsWholePageOfAsync(page, "September");
        await page.ReloadAsync();
        await IsWholePageOfAsync(page, "September");
        await report.Table.GetByRole(AriaRole.Link, new() { Name = "Cost (GBP)" }).ClickAsync();
        await Expect(report.Table.Locator("th[data-column=cost]")).ToHaveAttributeAsync("aria-sort", "ascending");
        await page.GoBackAsync();
        await Expect(report.Table.Locator("th[data-column=date]")).ToHaveAttributeAsync("aria-sort", "ascending");
        await ScriptsWorkAsync(page);
        var bookmark = await page.Context.NewPageAsync();
        await bookmark.GotoAsync(page.Url);
        await IsWholePageOfAsync(bookmark, "September");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Choosing_a_theme_keeps_the_result()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        await new ReportPage(page).RunAsync("September", "2026");
        await page.OpenAccountMenuAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark", Exact = true }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "dark");
        await IsWholePageOfAsync(page, "September");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Keys_change_the_month_reach_the_filter_and_list_themselves_until_they_are_switched_off()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await page.GotoAsync(chromium.Url + "/usage-report");
        // Long enough that every key is pressed before htmx has settled the result that is shown.
        await page.EvaluateAsync("htmx.config.defaultSettleDelay = 2000");
        await report.RunAsync("January", "2026");
        await page.Keyboard.PressAsync("[");
        await Assertions.Expect(report.Heading).ToContainTextAsync("December 2025");
        await page.Keyboard.PressAsync("]");
        await Assertions.Expect(report.Heading).ToContainTextAsync("January 2026");
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Locator("main [name=q]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("a[/?");
        await Assertions.Expect(page.Locator("main [name=q]")).ToHaveValueAsync("a[/?");
        await report.Heading.FocusAsync();
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#keyboard-shortcuts-heading")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch shortcuts off" }).ClickAsync();
        await Assertions.Expect(page.Locator("#keyboard-shortcuts")).ToBeHiddenAsync();
        Assert.Equal(0, await page.Locator("script[src*=keys]").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_panel_stays_open_while_names_are_added_and_removed_columns_moved_and_headings_pressed()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await report.RunAsync("September", "2026");
        await page.GetByRole(AriaRole.Link, new() { Name = "+ Filter" }).ClickAsync();
        await Expect(page.Locator("#staff")).ToBeFocusedAsync();
        for (var chosen = 1; chosen <= 2; chosen++)
        {
            await page.Locator("#staff").SelectOptionAsync(new SelectOptionValue { Index = 1 });
            await report.Button("Apply").ClickAsync();
            await IsOpenWithAsync(page, chosen);
        }
        await page.Locator("#client").FillAsync((await page.Locator("#client-names option").First.GetAttributeAsync("value"))!);
        await page.Keyboard.PressAsync("Enter");
        await IsOpenWithAsync(page, 3);
        await page.Locator("#client").FillAsync("Nobody of this name");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".fault-summary")).ToBeFocusedAsync();
        await Expect(page.Locator("#client")).ToHaveValueAsync("Nobody of this name");
        await Expect(page.Locator("#client-fault")).ToBeVisibleAsync();
        await page.Locator(".chips a[aria-label^='Remove Client']").ClickAsync();
        await IsOpenWithAsync(page, 2);

        await page.Locator("#up-staff").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(report.Table.Locator("thead th").Nth(1)).ToHaveAttributeAsync("data-column", "staff");
        await Expect(page.Locator("#up-staff")).ToBeFocusedAsync();
        await page.Locator("#column-program").UncheckAsync();
        await report.Button("Apply").ClickAsync();
        await Expect(report.Table.Locator("th[data-column=program]")).ToHaveCountAsync(0);
        await IsOpenWithAsync(page, 2);

        await report.Table.GetByRole(AriaRole.Link, new() { Name = "Cost (GBP)" }).ClickAsync();
        await Expect(report.Table.Locator("th[data-column=cost]")).ToHaveAttributeAsync("aria-sort", "ascending");
        await report.Table.GetByRole(AriaRole.Link, new() { Name = "Client" }).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Locator(".chips")).ToContainTextAsync("Sorted by: Cost (GBP), Client");
        Assert.Contains("sort=cost,client", page.Url, StringComparison.Ordinal);
        await report.Table.GetByRole(AriaRole.Link, new() { Name = "Cost (GBP)" }).ClickAsync();
        await Expect(page.Locator(".chips")).ToContainTextAsync("Sorted by: Cost (GBP), descending ×");
        await Expect(page.Locator("#usage-shape")).ToHaveAttributeAsync("open", "");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artifacts, "filter-1280-light.png") });
        Assert.Single(page.Context.Pages);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_scripts_names_are_typed_and_columns_moved()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance, new() { JavaScriptEnabled = false });
        var report = new ReportPage(page);
        await report.RunAsync("September", "2026");
        await page.GetByRole(AriaRole.Link, new() { Name = "+ Filter" }).ClickAsync();
        var client = (await page.Locator("#client-names option").First.GetAttributeAsync("value"))!;
        await page.Locator("#client").FillAsync(client);
        await report.Button("Apply").ClickAsync();
        await Expect(page.Locator(".chips li").First).ToContainTextAsync($"Client: {client}");
        Assert.DoesNotContain("addClient", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Columns" }).ClickAsync();
        await page.Locator("#up-staff").ClickAsync();
        await Expect(report.Table.Locator("thead th").Nth(1)).ToHaveAttributeAsync("data-column", "staff");
        await Expect(page.Locator(".chips li").First).ToContainTextAsync($"Client: {client}");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(853)]
    [InlineData(1024)]
    [InlineData(1280)]
    public async Task No_page_scrolls_sideways_and_the_cost_is_in_sight_from_853_px(int width)
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, new() { ViewportSize = new() { Width = width, Height = 800 } });
        await new ReportPage(page).RunAsync("September", "2026");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        if (width >= 853) Assert.True(await page.EvaluateAsync<bool>("document.querySelector('tr[data-event-id] td:last-child').getBoundingClientRect().right <= innerWidth"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artifacts, $"result-{width}-wide.png") });
        await page.GotoAsync(chromium.Url + "/saved-reports");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_place_and_focused()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await report.ChooseAsync("December", "2026");
        await report.RunQuery.ClickAsync();
        var summary = page.Locator(".fault-summary");
        await Expect(summary).ToBeFocusedAsync();
        await Expect(summary).ToContainTextAsync("December 2026 has not started. Choose a month from August 2024 to November 2026.");
        await Expect(page).ToHaveTitleAsync("Error: Credit Usage Report - CreditUsage");
        await Expect(page.GetByLabel("Month", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
        await summary.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByLabel("Month", new() { Exact = true })).ToBeFocusedAsync();
        await report.RunAsync("October", "2026");
        await Expect(page.GetByLabel("Month", new() { Exact = true })).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_failure_is_told_in_place_with_its_reference_and_can_be_tried_again()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await report.RunAsync("October", "2026");
        await page.RouteAsync(Queries, route => route.FulfillAsync(new() { Status = 500, Body = "<p>inside</p>", Headers = new Dictionary<string, string> { ["X-Reference"] = "0HNABC:1" } }));
        await report.RunQuery.ClickAsync();
        var failure = page.Locator("#failure");
        await Expect(failure).ToContainTextAsync("Nothing was lost");
        await Expect(failure).ToContainTextAsync("0HNABC:1");
        await Expect(report.Heading).ToContainTextAsync("October 2026");
        await page.UnrouteAsync(Queries);
        await report.ChooseAsync("September", "2026");
        await report.Button("Try again").ClickAsync();
        await Expect(report.Heading).ToContainTextAsync("September 2026");
        await Expect(failure).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_session_that_ended_leads_to_sign_in_and_back_to_the_same_result()
    {
        var page = await chromium.SignedInAsync(Clinics.Finance);
        var report = new ReportPage(page);
        await page.Context.ClearCookiesAsync();
        await report.ChooseAsync("September", "2026");
        await report.RunQuery.ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync(Clinics.Finance);
        await page.GetByLabel("Password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await IsWholePageOfAsync(page, "September");
        await page.Context.CloseAsync();
    }

    /// <summary>Waiting, cancelling and the folder's panel are there after htmx has had the page.</summary>
    private static async Task ScriptsWorkAsync(IPage page)
    {
        var report = new ReportPage(page);
        // Before htmx has the form again, a click sends it as any form is sent.
        await page.WaitForFunctionAsync("() => document.querySelector('#run-query').form['htmx-internal-data']?.listenerInfos?.length > 0");
        await page.RouteAsync(Queries, _ => Task.CompletedTask);
        await report.RunQuery.ClickAsync();
        await Expect(report.Results).ToHaveAttributeAsync("aria-busy", "true");
        await report.Cancel.ClickAsync();
        await Expect(report.Status).ToHaveTextAsync("Query cancelled");
        await page.UnrouteAsync(Queries);
        await report.SetSavePath.ClickAsync();
        await Expect(report.Button("Choose folder")).ToBeVisibleAsync();
    }

    private static async Task IsWholePageOfAsync(IPage page, string month)
    {
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
        await Expect(new ReportPage(page).Heading).ToContainTextAsync($"{month} 2026");
        await Expect(page.GetByLabel("Month", new() { Exact = true }).Locator("option:checked")).ToHaveTextAsync(month);
    }

    private static async Task IsOpenWithAsync(IPage page, int chips)
    {
        await Expect(page.Locator(".chips li").Filter(new() { HasNotText = "Show the whole month" })).ToHaveCountAsync(chips);
        await Expect(page.Locator("#usage-shape")).ToHaveAttributeAsync("open", "");
    }
}
