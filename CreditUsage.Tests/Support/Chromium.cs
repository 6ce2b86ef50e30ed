using Microsoft.Playwright;

namespace CreditUsage.Tests.Support;

/// <summary>The system's Chromium without its windows, which all share, and three clinics for the tests of one class to visit.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>What is waited for comes; on a busy machine it takes longer than Playwright's five seconds.</summary>
    private const int PatienceMilliseconds = 120_000;

    /// <summary>It ends with this process, whose end its driver notices.</summary>
    private static readonly Lazy<Task<IBrowser>> Shared = new(LaunchAsync);

    private readonly Clinics _clinics = new();

    public Clinics Clinics => _clinics;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>localhost counts as a secure context, which saving into a folder needs.</summary>
    public string Url => _clinics.Site.ClientOptions.BaseAddress.ToString().Replace("127.0.0.1", "localhost").TrimEnd('/');

    /// <summary>Where screenshots and PDFs land for looking at: artifacts/ at the top of the repository, which git ignores.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName;

    public async Task InitializeAsync()
    {
        await _clinics.InitializeAsync();
        Browser = await Shared.Value;
    }

    public Task DisposeAsync() => _clinics.DisposeAsync();

    /// <summary>A new browser profile, signed in.</summary>
    public async Task<IPage> SignedInAsync(string email, BrowserNewContextOptions? options = null, string? script = null)
    {
        var page = await PageAsync(options, script);
        await page.GotoAsync(Url + "/usage-report");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/usage-report");
        return page;
    }

    public async Task<IPage> PageAsync(BrowserNewContextOptions? options = null, string? script = null)
    {
        options ??= new BrowserNewContextOptions { ViewportSize = new() { Width = 1280, Height = 900 } };
        options.Locale = "en-GB";
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout(PatienceMilliseconds);
        if (script is not null) await context.AddInitScriptAsync(script);
        return await context.NewPageAsync();
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium-headless-shell",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }
}
