using CreditUsage.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace CreditUsage.Tests.Browser;

/// <summary>
/// Saving into a folder. The browser's own dialog cannot be driven, so the origin-private file system stands in for the folder
/// that it would give; everything after the dialog is real.
/// </summary>
public sealed class SavePathTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Wanted = "ONE Credit Usage Reports";

    /// <summary>Picks the folder that the test named last, and remembers what the dialog was asked for.</summary>
    internal const string Picker = """
        window.picked = 'Documents sub';
        window.showDirectoryPicker = async options => {
          window.asked = options;
          const root = await navigator.storage.getDirectory();
          return root.getDirectoryHandle(window.picked, { create: true });
        };
        """;

    internal const string Files = "async folder => { const root = await navigator.storage.getDirectory(); let dir = root; for (const name of folder) dir = await dir.getDirectoryHandle(name); const names = []; for await (const entry of dir.values()) names.push(entry.kind + ':' + entry.name); return names.sort(); }";

    [Fact]
    public async Task Reports_go_into_the_chosen_folder_and_nothing_is_overwritten()
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, script: Picker);
        var report = new ReportPage(page);
        await report.SetSavePath.ClickAsync();
        await report.Button("Choose folder").ClickAsync();
        await Expect(report.SavePath).ToHaveTextAsync("Documents sub (on this computer)");
        Assert.Equal("credit-usage-reports documents readwrite", await page.EvaluateAsync<string>("`${asked.id} ${asked.startIn} ${asked.mode}`"));
        await report.Button($"Create “{Wanted}” here").ClickAsync();
        await Expect(report.SavePath).ToHaveTextAsync($"{Wanted} (on this computer)");

        await page.ReloadAsync();
        await Expect(report.SavePath).ToHaveTextAsync($"{Wanted} (on this computer)");
        await report.RunAsync("July", "2026");
        await report.SaveToPdf.ClickAsync();
        await Expect(report.SaveMessage).ToContainTextAsync($"Saved Credit Usage Report 2026-07.pdf to {Wanted}.");
        await report.SaveToPdf.ClickAsync();
        await Expect(report.SaveMessage).ToContainTextAsync($"Saved Credit Usage Report 2026-07 (2).pdf to {Wanted}.");
        Assert.Equal(["file:Credit Usage Report 2026-07 (2).pdf", "file:Credit Usage Report 2026-07.pdf"], await page.EvaluateAsync<string[]>(Files, new[] { "Documents sub", Wanted }));

        await report.OpenReportsFolder.ClickAsync();
        await Expect(page.Locator("#folder-files li")).ToHaveCountAsync(2);
        await page.GotoAsync(chromium.Url + "/usage-report");
        await report.SetSavePath.ClickAsync();
        await report.Button("Stop using").ClickAsync();
        await Expect(report.SavePath).ToHaveTextAsync("your browser's download folder");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_cancelled_or_refused_dialog_says_both()
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, script: "window.showDirectoryPicker = () => Promise.reject(new DOMException('', 'AbortError'));");
        var report = new ReportPage(page);
        await report.SetSavePath.ClickAsync();
        await report.Button("Choose folder").ClickAsync();
        await Expect(report.PathMessage).ToContainTextAsync("either you cancelled, or the browser does not accept that folder");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("FileSystemHandle.prototype.queryPermission = async () => 'prompt'; FileSystemHandle.prototype.requestPermission = async () => 'denied';", "was not allowed to write")]
    [InlineData("FileSystemDirectoryHandle.prototype.getFileHandle = async () => { throw new DOMException('', 'NotFoundError'); };", "missing, locked or refused")]
    [InlineData("FileSystemFileHandle.prototype.createWritable = async () => { throw new DOMException('', 'NoModificationAllowedError'); };", "missing, locked or refused")]
    public async Task A_folder_that_cannot_be_written_to_gives_a_download_and_the_reason(string fault, string reason)
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, script: Picker);
        var report = new ReportPage(page);
        await report.SetSavePath.ClickAsync();
        await report.Button("Choose folder").ClickAsync();
        await Expect(report.SavePath).ToContainTextAsync("on this computer");
        await report.RunAsync("July", "2026");
        await page.EvaluateAsync($"() => {{ {fault} }}");
        var download = await page.RunAndWaitForDownloadAsync(() => report.SaveToPdf.ClickAsync());
        Assert.Equal("Credit Usage Report 2026-07.pdf", download.SuggestedFilename);
        await Expect(report.SaveMessage).ToContainTextAsync(reason);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_browser_without_folders_downloads_and_says_how_to_choose()
    {
        var page = await chromium.SignedInAsync(Clinics.AwkwardFinance, script: "delete window.showDirectoryPicker;");
        var report = new ReportPage(page);
        await report.SetSavePath.ClickAsync();
        await Expect(page.Locator("#save-path")).ToContainTextAsync("Ask where to save each file");
        await report.RunAsync("July", "2026");
        var download = await page.RunAndWaitForDownloadAsync(() => report.SaveToPdf.ClickAsync());
        Assert.Equal("Credit Usage Report 2026-07.pdf", download.SuggestedFilename);
        await page.Context.CloseAsync();
    }
}
