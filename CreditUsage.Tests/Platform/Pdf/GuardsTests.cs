using System.Globalization;
using System.Text.Json;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>A machine that lacks one of the guards' programs keeps the others, and says what it lacks.</summary>
public sealed class GuardsTests : IDisposable
{
    private const string Administrator = "administrator@guards.example";
    private const int MaxNiceness = 19;

    /// <summary>What the engine sees of its guards: rights, politeness, address space, and the programs between this one and it.</summary>
    private static readonly string Look = "{ grep NoNewPrivs /proc/self/status; echo nice $(nice); echo space $(ulimit -v); p=$$; while [ $p != THIS ]; do echo under $(cat /proc/$p/comm); p=$(cut -d' ' -f4 /proc/$p/stat); done; echo group $(cut -d' ' -f5 /proc/$$/stat); } > out.pdf".Replace("THIS", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-guards-").FullName;
    private readonly FakeEngine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("setpriv", "setpriv")]
    [InlineData("nice", "nice")]
    [InlineData("timeout", "timeout")]
    [InlineData("sh", "sh")]
    [InlineData("setsid", "")]
    [InlineData("timeout setsid", "timeout")]
    [InlineData("setpriv nice timeout setsid sh", "setpriv, nice, timeout, sh")]
    public async Task What_is_missing_takes_none_of_the_others_with_it(string without, string missing)
    {
        Link(without.Split(' '));
        _engine.Do(Look);
        await using var site = Started(Change);

        var seen = await SeenAsync(site);

        bool Has(string guard) => !missing.Split(", ").Contains(guard);
        Assert.Contains(Has("setpriv") ? "NoNewPrivs:\t1" : "NoNewPrivs:\t0", seen);
        Assert.Contains($"nice {(Has("nice") ? Math.Min(OwnNiceness + 10, MaxNiceness) : OwnNiceness)}", seen);
        Assert.Contains(Has("sh") ? "space 4194304" : "space unlimited", seen);
        Assert.Equal(Has("timeout"), seen.Contains("under timeout"));
        // Whatever ends a whole group must not end this one.
        var ownGroup = Has("timeout") || !without.Contains("setsid", StringComparison.Ordinal);
        Assert.Equal(Has("sh") && ownGroup, seen.Contains("under sh"));
        Assert.Equal(ownGroup, !seen.Contains($"group {OwnGroup}"));

        var check = await HealthAsync(site);
        Assert.Equal("Degraded", check.GetProperty("status").GetString());
        Assert.Equal(missing.Length > 0, check.GetProperty("description").GetString()!.Contains($"the server lacks {missing}.", StringComparison.Ordinal));
        await site.UserAsync(await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1)), Administrator, Roles.Administrator);
        using var administrator = await Visitor.SignedInAsync(site, Administrator);
        Assert.Contains(check.GetProperty("description").GetString()!, (await administrator.PageAsync("/saved-reports")).QuerySelector("[data-engine-warning]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_strongest_sandbox_missing_guards_alone_are_enough_to_be_warned_of()
    {
        Link(["nice"]);
        _engine.Do(FakeEngine.Honest);
        await using var site = Started(services => services.Replace(ServiceDescriptor.Singleton(new PdfGuards([_folder]))));
        await site.Services.GetRequiredService<PdfSandboxRunner>().RequireEngineAsync(CancellationToken.None);
        var check = await HealthAsync(site);
        Assert.Equal(("Degraded", "nice"), (check.GetProperty("status").GetString(), check.GetProperty("data").GetProperty("missingGuards").GetString()));
        Assert.EndsWith("the server lacks nice. Install util-linux and coreutils on it.", check.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Field 5 of proc(5)'s stat.</summary>
    private static string OwnGroup => OwnStat(5);

    /// <summary>Field 19: the tests themselves may have been started with less than the usual priority. Programs inherit it from a thread, and the first may have another.</summary>
    private static int OwnNiceness => int.Parse(OwnStat(19), CultureInfo.InvariantCulture);

    /// <summary>The fields after the name, which is the second and may have spaces in it.</summary>
    private static string OwnStat(int field) => File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ')[field - 3];

    [Fact]
    public async Task Bubblewrap_without_a_system_call_filter_is_warned_of()
    {
        _engine.Do(FakeEngine.Honest);
        await using var site = Started(services => services.Replace(ServiceDescriptor.Singleton(PdfGuards.OfTheSystem with { Filter = null })));
        await site.Services.GetRequiredService<PdfSandboxRunner>().RequireEngineAsync(CancellationToken.None);
        var check = await HealthAsync(site);
        Assert.Equal("Degraded", check.GetProperty("status").GetString());
        Assert.StartsWith("PDFs are made without a system-call filter", check.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    private Site Started(Action<IServiceCollection> change)
    {
        var site = new Site { ChangeServices = change }.With(Sandboxes.Minimum, nameof(PdfSandbox.None)).With("CreditUsage:Pdf:WkhtmltopdfPath", _engine.Program);
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }

    /// <summary>Without a sandbox nothing but the guards is in the way.</summary>
    private void Change(IServiceCollection services)
    {
        Sandboxes.AtMost(PdfSandbox.None)(services);
        services.Replace(ServiceDescriptor.Singleton(new PdfGuards([_folder])));
    }

    private void Link(IReadOnlyList<string> without)
    {
        foreach (var program in new[] { "setpriv", "nice", "timeout", "setsid", "sh" }.Except(without)) File.CreateSymbolicLink(Path.Combine(_folder, program), $"/usr/bin/{program}");
    }

    private static async Task<string[]> SeenAsync(Site site)
    {
        var folder = Directory.CreateTempSubdirectory("creditusage-cage-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "in.html"), "");
            await site.Services.GetRequiredService<PdfSandboxRunner>().ConvertAsync(folder, TimeSpan.FromMinutes(10), CancellationToken.None);
            return await File.ReadAllLinesAsync(Path.Combine(folder, "out.pdf"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JsonElement> HealthAsync(Site site)
    {
        using var visitor = new Visitor(site);
        using var answer = await visitor.GetAsync("/health/ready");
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return health.RootElement.GetProperty("checks").GetProperty("wkhtmltopdf").Clone();
    }
}
