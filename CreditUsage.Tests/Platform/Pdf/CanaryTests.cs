using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>The self-test finds out what the engine can reach; one that fails refuses PDFs until it passes.</summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.HostileHtml)]
public sealed class CanaryTests : IDisposable
{
    /// <summary>As it should be run, but for the switches that keep it from the network and from files.</summary>
    private const string Careless = "exec wkhtmltopdf -q --javascript-delay 0 --enable-local-file-access in.html out.pdf";

    private static readonly string Version = $"if [ \"$1\" = --version ]; then echo '{FakeEngine.RightVersion}'; exit 0; fi";

    private readonly FakeEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task A_careless_engine_is_found_out_by_what_its_sandbox_lets_through(PdfSandbox upTo)
    {
        _engine.Write($"#!/bin/sh\n{Version}\n{Careless}\n");
        await using var site = At(upTo);
        var status = await site.Services.GetRequiredService<PdfSandboxRunner>().TestAsync(CancellationToken.None);
        var expected = Sandboxes.Strongest(upTo) switch
        {
            PdfSandbox.Bubblewrap => null,
            PdfSandbox.Namespace => "it read a file that it must not",
            _ => "it reached the network",
        };
        Assert.Equal(expected, status.Canary!.Problem);
        Assert.Equal(expected is null, status.Refusal is null);
    }

    [Theory]
    [InlineData("exit 0", "it made no PDF")]
    [InlineData("printf '%%PDF-1.4 nothing' > out.pdf", "its PDF did not say what it was given")]
    [InlineData("echo '<p>another page</p>' > in.html; " + FakeEngine.Honest, "its PDF did not say what it was given")]
    public async Task An_engine_that_makes_nothing_of_its_page_is_found_out(string script, string problem)
    {
        _engine.Write($"#!/bin/sh\n{Version}\n{script}\n");
        await using var site = At(PdfSandbox.Bubblewrap);
        Assert.Equal(problem, (await site.Services.GetRequiredService<PdfSandboxRunner>().TestAsync(CancellationToken.None)).Canary!.Problem);
    }

    [Fact]
    public async Task An_engine_that_hangs_in_its_self_test_holds_PDFs_no_longer_than_the_setting_allows()
    {
        _engine.Write($"#!/bin/sh\n{Version}\nsleep SLEEP\n");
        await using var site = At(PdfSandbox.Bubblewrap).With("CreditUsage:Pdf:TimeoutSeconds", "1");
        var status = await site.Services.GetRequiredService<PdfSandboxRunner>().TestAsync(CancellationToken.None);
        Assert.Contains("took more than 1 seconds", status.Canary!.Problem, StringComparison.Ordinal);
        Assert.Contains("Use Print", status.Refusal, StringComparison.Ordinal);
        await _engine.NothingRunsAsync();
    }

    [Fact]
    public async Task Every_start_runs_the_self_test()
    {
        await using var site = new Site { TestsEngineAtStart = true };
        var cage = site.Services.GetRequiredService<PdfSandboxRunner>();
        await Wait.UntilAsync(() => cage.LastStatus?.Canary is not null);
        Assert.Equal((null, site.Clock.GetUtcNow()), (cage.LastStatus!.Canary!.Problem, cage.LastStatus.Canary.At));
    }

    [Fact]
    public async Task A_failed_self_test_refuses_PDFs_in_words_until_it_passes()
    {
        _engine.Write($"#!/bin/sh\n{Version}\nexit 0\n");
        await using var site = At(PdfSandbox.Bubblewrap);
        var runner = site.Services.GetRequiredService<PdfSandboxRunner>();
        await RefusesAsync();
        Assert.Contains("self-test", runner.LastStatus!.Warning, StringComparison.Ordinal);

        _engine.Write($"#!/bin/sh\n{Version}\n{FakeEngine.Honest}\n");
        await RefusesAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.StartsWith(FakeEngine.RightVersion, await runner.RequireEngineAsync(CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal((null, site.Clock.GetUtcNow()), (runner.LastStatus!.Canary!.Problem, runner.LastStatus.Canary.At));

        async Task RefusesAsync()
        {
            var problem = await Assert.ThrowsAnyAsync<PdfException>(() => runner.RequireEngineAsync(CancellationToken.None));
            Assert.Contains("self-test (it made no PDF). Use Print", problem.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("wkhtmltopdf 0.12.5")]
    [InlineData("wkhtmltopdf 0.9.9 (with patched qt)")]
    [InlineData("Chromium 156.0.1")]
    [InlineData("")]
    public async Task Another_program_or_an_old_version_is_refused_in_words(string version)
    {
        _engine.Do(FakeEngine.Honest, version);
        await using var site = At(PdfSandbox.Bubblewrap);
        var problem = await Assert.ThrowsAnyAsync<PdfException>(() => site.Services.GetRequiredService<PdfSandboxRunner>().RequireEngineAsync(CancellationToken.None));
        Assert.Contains("must be wkhtmltopdf 0.12.6 or later", problem.Message, StringComparison.Ordinal);
    }

    private Site At(PdfSandbox upTo) => Sandboxes.SiteAtMost(upTo).With("CreditUsage:Pdf:WkhtmltopdfPath", _engine.Program);
}
