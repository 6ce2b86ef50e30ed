using System.Text;
using CreditUsage.Core;
using CreditUsage.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>A file of usage brought in by somebody with a browser.</summary>
public sealed class ImportTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Drop = """
        (area, texts) => {
          const data = new DataTransfer();
          for (const text of texts) data.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
          for (const kind of ['dragover', 'drop']) area.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
        }
        """;

    /// <summary>The check of few rows is mostly over before the page is there, that of many mostly not: both end alike.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(80_000)]
    public async Task A_chosen_file_is_checked_row_by_row_previewed_imported_and_found_in_the_history(int rows)
    {
        var count = Display.Number(rows);
        var id = $"B{Guid.NewGuid():N}"[..12];
        var text = CsvText.Of([.. Enumerable.Range(1, rows).Select(i => CsvRow.Session($"{id}-{i}", "2026-10-01T09:30:00Z"))]);
        var page = await chromium.SignedInAsync(Clinics.EmptyFinance);
        await page.GotoAsync(chromium.Url + "/imports");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = $"{id}.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await Button(page, "Upload and check").ClickAsync();

        await page.WaitForURLAsync("**/imports/*-*");
        await Expect(page.Locator("#import-state")).ToContainTextAsync(count);
        await Expect(Heading(page, "Ready to import")).ToBeFocusedAsync();
        await Expect(page.Locator("#status")).ToHaveTextAsync("Ready to import");
        Assert.Equal([count, count, "0", "0"], await page.Locator("[data-figure]").AllTextContentsAsync());
        await Button(page, "Import").ClickAsync();
        await Expect(Heading(page, "Imported")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "reverse this import" }).ClickAsync();
        Assert.Empty(await page.AxeFindsAsync("reverse"));
        await page.GetByLabel("Reason").FillAsync("Wrong file");
        await Button(page, $"Reverse {count} events").ClickAsync();
        await Expect(Heading(page, "Reversed")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "All imports" }).ClickAsync();
        await Expect(page.Locator("tr[data-import]", new() { HasText = $"{id}.csv" })).ToContainTextAsync("Reversed");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_dropped_file_is_taken_and_several_or_too_large_ones_are_not()
    {
        var page = await chromium.SignedInAsync(Clinics.EmptyFinance);
        await page.GotoAsync(chromium.Url + "/imports");
        await page.Locator("#drop-area").EvaluateAsync(Drop, new[] { "one", "two" });
        await Expect(page.Locator("#file-fault")).ToHaveTextAsync("Drop one file at a time.");
        await page.Locator("#upload-form").EvaluateAsync("form => form.dataset.mostBytes = 10");
        await page.Locator("#drop-area").EvaluateAsync(Drop, new[] { "eleven bytes" });
        await Expect(page.Locator("#file-fault")).ToContainTextAsync("larger than 200 MB");
        await Button(page, "Upload and check").ClickAsync();
        await Expect(page).ToHaveURLAsync(chromium.Url + "/imports");

        await page.ReloadAsync();
        await page.Locator("#drop-area").EvaluateAsync(Drop, new[] { CsvText.Of(CsvRow.Session("D1", "tomorrow")) });
        await Expect(Button(page, "Upload and check")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Heading(page, "Has errors")).ToBeVisibleAsync();
        await Expect(page.Locator("tr[data-line='2']")).ToContainTextAsync("occurred_at");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_scripts_a_file_is_uploaded_looked_at_with_Refresh_and_imported()
    {
        var id = $"S{Guid.NewGuid():N}"[..12];
        var page = await chromium.SignedInAsync(Clinics.EmptyFinance, new BrowserNewContextOptions { JavaScriptEnabled = false });
        await page.GotoAsync(chromium.Url + "/imports");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "plain.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(CsvText.Of(CsvRow.Session(id, "2026-10-01T09:30:00Z"))) });
        await Button(page, "Upload and check").ClickAsync();
        await RefreshUntilAsync(page, "Ready to import");
        await Button(page, "Import").ClickAsync();
        await RefreshUntilAsync(page, "Imported");
        await page.Context.CloseAsync();
    }

    private static async Task RefreshUntilAsync(IPage page, string heading)
    {
        for (var refreshes = 0; refreshes < 100 && await Heading(page, heading).CountAsync() == 0; refreshes++)
            await page.GetByRole(AriaRole.Link, new() { Name = "Refresh" }).ClickAsync();
        await Expect(Heading(page, heading)).ToBeVisibleAsync();
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Heading(IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });
}
