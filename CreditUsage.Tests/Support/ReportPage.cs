using Microsoft.Playwright;

namespace CreditUsage.Tests.Support;

/// <summary>What stands around every page.</summary>
internal static class Frame
{
    public static Task OpenAccountMenuAsync(this IPage page) => page.Locator(".account-button").ClickAsync();
}

/// <summary>The Credit Usage Report as a person sees it: all selectors in one place.</summary>
public sealed class ReportPage(IPage page)
{
    public ILocator RunQuery => page.GetByRole(AriaRole.Button, new() { Name = "Run Query" });

    public ILocator Cancel => page.GetByRole(AriaRole.Button, new() { Name = "Cancel" });

    public ILocator SaveToPdf => page.GetByRole(AriaRole.Button, new() { Name = "Save To PDF" });

    public ILocator Progress => page.Locator("#query-progress");

    public ILocator Table => page.Locator("#usage-table");

    public ILocator Rows => page.Locator("#usage-table tr[data-event-id]");

    public ILocator Heading => page.Locator("#results-heading");

    public ILocator Results => page.Locator("#usage-results");

    public ILocator Status => page.Locator("#status");

    public ILocator SaveMessage => page.Locator("#save-message");

    public ILocator SavePath => page.Locator("#save-path-current");

    public ILocator PathMessage => page.Locator("#save-path-message");

    public ILocator SetSavePath => page.GetByRole(AriaRole.Link, new() { Name = "Set Save Path" });

    public ILocator OpenReportsFolder => page.GetByRole(AriaRole.Link, new() { Name = "Open reports folder" });

    public ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public Task ChooseAsync(string month, string year) => Task.WhenAll(
        page.GetByLabel("Month", new() { Exact = true }).SelectOptionAsync(month),
        page.GetByLabel("Year", new() { Exact = true }).SelectOptionAsync(year));

    public async Task RunAsync(string month, string year)
    {
        await ChooseAsync(month, year);
        await RunQuery.ClickAsync();
        await Assertions.Expect(Heading).ToContainTextAsync($"{month} {year}");
    }

    public Task<string?> TotalAsync(string which, string figure) => page.Locator($"#usage-table tr[data-total={which}]").GetAttributeAsync(figure);
}
