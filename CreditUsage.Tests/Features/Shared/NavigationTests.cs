using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Tests.Rules;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Shared;

/// <summary>The frame around every page: who sees which entries, where one stands, and what is remembered.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class NavigationTests(Clinics clinics)
{
    private static readonly string[] OfEverybody =
    [
        "Administration: Home, Credit Usage Report, Saved reports", "Analyse: Charts, Compare, Savings, Billback", "Credits: Balance, Statement, Prices, Top-up schedules",
        "Month end: Close months, Corrections, Journals, E-mail delivery", "Settings: Imports, Alerts and budgets",
    ];

    [Theory]
    [InlineData(Clinics.Finance, "")]
    [InlineData(Clinics.Administrator, ", Clinic, Letterhead, Users, API keys, Webhooks, Audit log")]
    [InlineData(Clinics.Auditor, ", Clinic, Letterhead, Users, API keys, Webhooks, Audit log")]
    public async Task Each_role_has_the_entries_that_it_may_open(string email, string settings)
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, email);
        var page = await visitor.PageAsync("/usage-report");

        Assert.Equal([.. OfEverybody[..^1], OfEverybody[^1] + settings], page.QuerySelectorAll("#site-navigation details").Select(group =>
            $"{group.QuerySelector("h2")!.TextContent}: {string.Join(", ", group.QuerySelectorAll("li a > span:first-of-type").Select(label => label.TextContent))}"));
        Assert.Equal("Real Clinic", page.QuerySelector("header .clinic-name")!.TextContent);
    }

    [Fact]
    public async Task Every_entry_opens_its_page_and_says_that_one_is_there()
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, Clinics.Auditor);
        var page = await visitor.PageAsync("/usage-report");
        foreach (var entry in page.QuerySelectorAll<IHtmlAnchorElement>("#site-navigation li a"))
        {
            var opened = await visitor.PageAsync(entry.GetAttribute("href")!);
            Assert.Equal(Label(entry), Label(opened.QuerySelectorAll("#site-navigation [aria-current]").Single()));
            Assert.False(opened.Title!.StartsWith("Error", StringComparison.Ordinal), opened.Title);
        }
    }

    [Fact]
    public async Task The_month_of_a_page_goes_along_to_the_others()
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await visitor.PageAsync("/usage-report/money-found?year=2026&month=3");
        foreach (var label in new[] { "Credit Usage Report", "Charts", "Compare", "Savings", "Billback", "Statement", "Journals" })
            Assert.Contains("year=2026&month=3", Link(page, label), StringComparison.Ordinal);
        Assert.Equal("/usage-report", Link(await visitor.PageAsync("/usage-report?year=2031&month=3"), "Credit Usage Report"));
    }

    [Fact]
    public async Task A_group_that_was_closed_stays_closed_but_where_it_has_the_page()
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        visitor.Cookies.Add(visitor.Http.BaseAddress!, new System.Net.Cookie("CreditUsage.Navigation", "credits.month-end"));
        Assert.Equal(["administration", "analyse", "settings"], Open(await visitor.PageAsync("/usage-report")));
        Assert.Equal(["administration", "analyse", "credits", "settings"], Open(await visitor.PageAsync("/credits/prices")));
    }

    [Fact]
    public async Task The_account_menu_and_the_keys_are_in_every_page_and_work_without_scripts()
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        var page = await visitor.PageAsync("/months");
        var menu = page.GetElementById(page.QuerySelector(".account-button")!.GetAttribute("popovertarget")!)!;
        Assert.True(menu.HasAttribute("popover"));
        Assert.Equal(["Change password", "Two-factor sign-in", "My sessions", "Verify a PDF"], menu.QuerySelectorAll("a").Select(link => link.TextContent.Trim()));
        Assert.Equal(["Keyboard shortcuts", "System", "Light", "Dark", "Sign out"], menu.QuerySelectorAll("button").Select(button => button.TextContent.Trim()));
        Assert.NotNull(page.QuerySelector("script[src*='keys']"));

        using var off = await visitor.PostAsync("/months", "/keys", new Dictionary<string, string> { ["keys"] = "off", ["returnUrl"] = "/months" });
        Assert.Equal("/months", off.Headers.Location!.OriginalString);
        var without = await visitor.PageAsync("/months");
        Assert.Null(without.QuerySelector("script[src*='keys']"));
        Assert.Contains("Shortcuts are off.", without.QuerySelector("#keyboard-shortcuts")!.TextContent, StringComparison.Ordinal);
        (await visitor.PostAsync("/months", "/keys", new Dictionary<string, string> { ["keys"] = "on", ["returnUrl"] = "/months" })).Dispose();
        Assert.NotNull((await visitor.PageAsync("/months")).QuerySelector("script[src*='keys']"));
    }

    [Fact]
    public async Task Every_page_has_the_icon_and_so_has_what_is_no_page()
    {
        using var visitor = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        foreach (var path in new[] { "/dashboard", "/usage-report/print?year=2026&month=10&sessions=true", "/nowhere" })
        {
            using var answer = await visitor.GetAsync((await visitor.PageAsync(path)).QuerySelector("link[rel=icon]")!.GetAttribute("href")!);
            Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType?.MediaType);
        }
        using var asked = await visitor.GetAsync("/favicon.ico");
        using var icon = await visitor.GetAsync(asked.Headers.Location!.OriginalString);
        Assert.Equal("image/svg+xml", icon.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Twice in a page, htmx would send every request twice.</summary>
    [Fact]
    public void Htmx_is_loaded_by_the_layout_alone() =>
        Assert.Equal("_Layout.cshtml", Path.GetFileName(Assert.Single(WebSources.All, source => source.Text.Contains("htmx.min.js\"", StringComparison.Ordinal)).Path));

    private static string Label(IElement entry) => entry.QuerySelector("span")!.TextContent;

    private static string Link(IHtmlDocument page, string label) => page.QuerySelectorAll("#site-navigation li a").Single(entry => Label(entry) == label).GetAttribute("href")!;

    private static IEnumerable<string> Open(IHtmlDocument page) => page.QuerySelectorAll("#site-navigation details[open]").Select(group => group.GetAttribute("data-group")!);
}
