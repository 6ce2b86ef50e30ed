using Microsoft.Playwright;

namespace CreditUsage.Tests.Support;

/// <summary>The system's Chromium, and the three clinics that it visits.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly Clinics _clinics = new();
    private IPlaywright _playwright = null!;

    public Clinics Clinics => _clinics;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>localhost counts as a secure context, which saving into a folder needs.</summary>
    public string Url => _clinics.Site.ClientOptions.BaseAddress.ToString().Replace("127.0.0.1", "localhost").TrimEnd('/');

    /// <summary>Where screenshots and PDFs land for looking at: artifacts/ at the top of the repository, which git ignores.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName;

    public async Task InitializeAsync()
    {
        await _clinics.InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await _clinics.DisposeAsync();
    }

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
        if (script is not null) await context.AddInitScriptAsync(script);
        return await context.NewPageAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
