using System.Net;
using System.Text.Json;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>Which sandbox PDFs are made in is found by running it, and said wherever somebody should know.</summary>
[Collection(AloneCollection.Name)]
public sealed class SandboxTests : IDisposable
{
    private const string BubblewrapRefuses = "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.";
    private const string Report = "/usage-report/pdf?year=2026&month=10&sessions=true&topUps=true";

    private static readonly string Path = Environment.GetEnvironmentVariable("PATH")!;

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-path-").FullName;
    private readonly KeptLog _log = new(typeof(PdfSandboxRunner).FullName!);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", Path);
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task The_strongest_sandbox_that_works_is_used_and_said(PdfSandbox upTo)
    {
        await using var site = Started(upTo, WithoutSandbox);
        await SaysAsync(site, Sandboxes.Strongest(upTo));
    }

    [Fact]
    public async Task Bubblewrap_that_is_there_and_fails_is_not_believed()
    {
        await BreakBubblewrapAsync();
        await using var site = Started(PdfSandbox.Bubblewrap, WithoutSandbox);

        await SaysAsync(site, Sandboxes.Strongest(PdfSandbox.Namespace));
        Assert.Contains(_log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(BubblewrapRefuses, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_bubblewrap_and_unshare_PDFs_are_made_where_the_setting_says_so_and_the_weakness_is_said()
    {
        LeaveOnlyPrograms();
        await using var site = Started(PdfSandbox.Bubblewrap, WithoutSandbox);
        await SaysAsync(site, PdfSandbox.None);
    }

    [Fact]
    public async Task Without_bubblewrap_and_unshare_and_without_a_setting_PDFs_are_refused_in_words()
    {
        LeaveOnlyPrograms();
        await using var site = Started(PdfSandbox.Bubblewrap);
        await RefusesAsync(site, "no sandbox works on the server");
        // Nor was the engine tested in none.
        Assert.Null(site.Services.GetRequiredService<PdfSandboxRunner>().LastStatus!.Canary);
    }

    [Theory]
    [InlineData(null, "works no more on the server")]
    [InlineData("Bubblewrap", "require the sandbox Bubblewrap, and the strongest that works is Namespace")]
    [InlineData("Namespace", null)]
    public async Task A_sandbox_that_worked_and_fails_gives_way_to_a_weaker_one_only_where_the_setting_allows_it(string? minimum, string? refusal)
    {
        if (Sandboxes.Strongest(PdfSandbox.Bubblewrap) != PdfSandbox.Bubblewrap || Sandboxes.Strongest(PdfSandbox.Namespace) != PdfSandbox.Namespace) return;
        await using var site = Started(PdfSandbox.Bubblewrap, site => { if (minimum is not null) site.With(Sandboxes.Minimum, minimum); });
        var runner = site.Services.GetRequiredService<PdfSandboxRunner>();
        Assert.EndsWith("Bubblewrap", await runner.RequireEngineAsync(CancellationToken.None), StringComparison.Ordinal);

        await BreakBubblewrapAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(2));

        if (refusal is null) Assert.EndsWith("Namespace", await runner.RequireEngineAsync(CancellationToken.None), StringComparison.Ordinal);
        else await RefusesAsync(site, refusal);
        Environment.SetEnvironmentVariable("PATH", Path);
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.EndsWith("Bubblewrap", await runner.RequireEngineAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Below_the_minimum_PDFs_are_refused_in_words()
    {
        await using var site = Started(PdfSandbox.None, site => site.With(Sandboxes.Minimum, "Namespace"));
        await RefusesAsync(site, "require the sandbox Namespace, and the strongest that works is None");
    }

    private static async Task RefusesAsync(Site site, string reason)
    {
        var (administrator, finance) = await PeopleAsync(site);

        using var answer = await finance.GetAsync(Report);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        Assert.Contains(reason, page.QuerySelector("[data-problem]")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("a[href^='/usage-report/print']"));
        Assert.Equal("Degraded", (await HealthAsync(site)).GetProperty("status").GetString());
        Assert.Contains(reason, await WarningAsync(administrator), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(System.IO.Path.Combine(site.DataPath, "pdf-jobs")));
        administrator.Dispose();
        finance.Dispose();
    }

    /// <summary>Health, log and banner agree on the sandbox.</summary>
    private async Task SaysAsync(Site site, PdfSandbox sandbox)
    {
        Assert.Equal($"wkhtmltopdf 0.12.6, {sandbox}", await site.Services.GetRequiredService<PdfSandboxRunner>().RequireEngineAsync(CancellationToken.None));
        var health = await HealthAsync(site);
        Assert.Equal(sandbox == PdfSandbox.Bubblewrap ? "Healthy" : "Degraded", health.GetProperty("status").GetString());
        Assert.Equal(sandbox != PdfSandbox.Bubblewrap, health.GetProperty("description").GetString()!.Contains("Install bubblewrap", StringComparison.Ordinal));
        var data = health.GetProperty("data");
        Assert.Equal(("wkhtmltopdf 0.12.6", sandbox.ToString(), "passed"), (data.GetProperty("version").GetString(), data.GetProperty("sandbox").GetString(), data.GetProperty("canary").GetString()));
        Assert.Equal(site.Clock.GetUtcNow(), data.GetProperty("canaryAt").GetDateTimeOffset());

        var said = Assert.Single(_log.Lines);
        Assert.Contains($"wkhtmltopdf 0.12.6, {sandbox}", said, StringComparison.Ordinal);
        Assert.StartsWith(sandbox == PdfSandbox.Bubblewrap ? "Information" : "Warning", said, StringComparison.Ordinal);

        var (administrator, finance) = await PeopleAsync(site);
        Assert.Null(await WarningAsync(finance));
        if (sandbox == PdfSandbox.Bubblewrap) Assert.Null(await WarningAsync(administrator));
        else Assert.Contains("Install bubblewrap", await WarningAsync(administrator), StringComparison.Ordinal);
        using var answer = await finance.GetAsync(Report);
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        administrator.Dispose();
        finance.Dispose();
    }

    private static void WithoutSandbox(Site site) => site.With(Sandboxes.Minimum, nameof(PdfSandbox.None));

    private async Task BreakBubblewrapAsync()
    {
        var fake = System.IO.Path.Combine(_folder, "bwrap");
        await File.WriteAllTextAsync(fake, $"#!/bin/sh\necho '{BubblewrapRefuses}' >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_folder}:{Path}");
    }

    private void LeaveOnlyPrograms()
    {
        foreach (var program in new[] { "wkhtmltopdf", "qpdf", "pdftotext" })
            File.CreateSymbolicLink(System.IO.Path.Combine(_folder, program), Path.Split(':').Select(folder => System.IO.Path.Combine(folder, program)).First(File.Exists));
        Environment.SetEnvironmentVariable("PATH", _folder);
    }

    private Site Started(PdfSandbox upTo, Action<Site>? settings = null)
    {
        var site = new Site
        {
            ChangeServices = services =>
            {
                Sandboxes.AtMost(upTo)(services);
                _log.AddTo(services);
            },
        };
        settings?.Invoke(site);
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }

    private static async Task<(Visitor Administrator, Visitor Finance)> PeopleAsync(Site site)
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "1.00"));
        await site.UserAsync(clinic, "administrator@sandbox.example", Roles.Administrator);
        await site.UserAsync(clinic, "finance@sandbox.example", Roles.FinanceAdministrator);
        return (await Visitor.SignedInAsync(site, "administrator@sandbox.example"), await Visitor.SignedInAsync(site, "finance@sandbox.example"));
    }

    private static async Task<string?> WarningAsync(Visitor visitor) => (await visitor.PageAsync("/saved-reports")).QuerySelector("[data-engine-warning]")?.TextContent;

    private static async Task<JsonElement> HealthAsync(Site site)
    {
        using var visitor = new Visitor(site);
        using var answer = await visitor.GetAsync("/health/ready");
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return health.RootElement.GetProperty("checks").GetProperty("wkhtmltopdf").Clone();
    }
}
