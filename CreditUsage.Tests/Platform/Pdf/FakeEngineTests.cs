using System.Net;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Features.UsageReport;
using CreditUsage.Features.UsageReport.Paper;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>Engines that fail in every way that was seen or feared. Exit codes prove nothing; what is kept must have been proved.</summary>
[Collection(AloneCollection.Name)]
public sealed class FakeEngineTests(FakeEngineTests.Workshop workshop) : IClassFixture<FakeEngineTests.Workshop>
{
    private const string October = "/usage-report/pdf?year=2026&month=10&sessions=true&topUps=true";

    public static TheoryData<string, string> Failures => new()
    {
        { "exits 0 without a file", "exit 0" },
        { "exits 0 with an empty file", ": > out.pdf" },
        { "exits 0 with garbage", "head -c 5000 /dev/urandom > out.pdf" },
        { "exits 0 with half a PDF", "head -c $(($(wc -c < GOOD) / 2)) GOOD > out.pdf" },
        { "exits 0 with the start and the end of a PDF", "{ head -c 2000 GOOD; tail -c 600 GOOD; } > out.pdf" },
        { "exits 0 with another number of pages", "cp LONGER out.pdf" },
        { "exits 0 with a link", "ln -s GOOD out.pdf" },
        { "exits 1 with a good PDF", "cp GOOD out.pdf; exit 1" },
        { "writes a megabyte to standard error and fails", "head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1" },
        { "crashes", "cp GOOD out.pdf; kill -SEGV $$" },
        { "sleeps for ever", "echo $$ > PID; sleep 1000" },
        { "writes its PDF and sleeps for ever", "cp GOOD out.pdf; sleep 1000 & echo $! > PID; wait" },
        { "leaves a child that holds its pipes", "cp GOOD out.pdf; sleep 1000 & echo $! > PID; exit 0" },
        { "ignores being asked to stop", "trap '' TERM INT HUP; echo $$ > PID; while :; do sleep 1; done" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_engine_that_fails_is_refused_in_words_and_leaves_nothing(string what, string script)
    {
        workshop.Engine(script);
        await RefusedAsync(what);
        workshop.NothingRuns();
    }

    [Fact]
    public async Task An_engine_that_is_missing_or_cannot_run_is_refused_in_words()
    {
        workshop.Engine(null);
        await RefusedAsync("missing");
        workshop.Engine("cp GOOD out.pdf", UnixFileMode.UserRead);
        await RefusedAsync("not executable");
    }

    [Fact]
    public async Task A_megabyte_on_standard_error_stops_nobody()
    {
        workshop.Engine("head -c 1000000 /dev/zero | tr '\\0' x >&2; cp GOOD out.pdf");
        using var answer = await workshop.Finance.GetAsync(October);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_engine_gets_no_environment_of_the_site()
    {
        workshop.Engine("env > SEEN; pwd >> SEEN; cp GOOD out.pdf");
        using var answer = await workshop.Finance.GetAsync(October);
        var seen = (await File.ReadAllLinesAsync(workshop.Seen)).Select(line => line.Split('=')[0]).ToList();
        Assert.Contains(Path.Combine(workshop.Site.DataPath, "pdf-jobs"), seen[^1], StringComparison.Ordinal);
        Assert.Empty(seen.SkipLast(1).Except(["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "QT_QPA_PLATFORM", "LANG", "TZ", "PWD", "SHLVL", "_", "OLDPWD"]));
    }

    private async Task RefusedAsync(string what)
    {
        foreach (var save in new[] { true, false })
        {
            using var answer = save ? await workshop.Finance.PostAsync("/usage-report", October) : await workshop.Finance.GetAsync(October);
            Assert.Equal((what, HttpStatusCode.ServiceUnavailable), (what, answer.StatusCode));
            Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
            var problem = (await Visitor.ReadAsync(answer)).QuerySelector("[data-problem]")!.TextContent;
            Assert.Contains("Print", problem, StringComparison.Ordinal);
            Assert.DoesNotContain(workshop.Site.DataPath, problem, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(Path.Combine(workshop.Site.DataPath, "reports")), what);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(workshop.Site.DataPath, "pdf-jobs")));
        Assert.Equal(0, await workshop.Site.InAsync(workshop.Clinic, services => services.GetRequiredService<CreditUsageDb>().SavedReports.CountAsync()));
    }

    /// <summary>A site whose engine is a script that each test writes, and real PDFs of its months for the scripts to hand out.</summary>
    public sealed class Workshop : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-engine-").FullName;

        public Workshop() => Site = new Site().With("CreditUsage:Pdf:WkhtmltopdfPath", Path.Combine(_folder, "engine.sh")).With("CreditUsage:Pdf:TimeoutSeconds", "2");

        public Site Site { get; }

        public int Clinic { get; private set; }

        public Visitor Finance { get; private set; } = null!;

        public string Seen => Path.Combine(_folder, "SEEN");

        public async Task InitializeAsync()
        {
            Site.UseKestrel(0);
            Site.StartServer();
            Clinic = await ClinicAsync(Site);
            await Site.UserAsync(Clinic, "finance@fake.example", Roles.FinanceAdministrator);
            Finance = await Visitor.SignedInAsync(Site, "finance@fake.example");
            await using var real = new Site();
            var clinic = await ClinicAsync(real);
            await MakeAsync(real, clinic, 10, "GOOD");
            await MakeAsync(real, clinic, 9, "LONGER");
        }

        public async Task DisposeAsync()
        {
            Finance.Dispose();
            await Site.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        /// <summary>Writes the engine; null takes it away. GOOD, LONGER, PID and SEEN stand for files.</summary>
        public void Engine(string? script, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
        {
            var path = Path.Combine(_folder, "engine.sh");
            File.Delete(path);
            File.Delete(Path.Combine(_folder, "PID"));
            if (script is null) return;
            foreach (var name in new[] { "GOOD", "LONGER", "PID", "SEEN" }) script = script.Replace(name, Path.Combine(_folder, name), StringComparison.Ordinal);
            File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
        }

        /// <summary>The process that wrote its id is gone, or waits to be buried.</summary>
        public void NothingRuns()
        {
            var file = Path.Combine(_folder, "PID");
            if (!File.Exists(file)) return;
            var status = $"/proc/{File.ReadAllText(file).Trim()}/stat";
            Assert.True(SpinWait.SpinUntil(() => !File.Exists(status) || Ended(status), TimeSpan.FromSeconds(5)), "The engine still runs.");
        }

        private static bool Ended(string status)
        {
            try
            {
                return File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return true;
            }
        }

        private static async Task<int> ClinicAsync(Site site)
        {
            var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
            await site.ImportRowsAsync(clinic, [CsvRow.Session("E0", "2026-10-01T09:30:00Z", cost: "1.00"), .. Enumerable.Range(1, 100).Select(i => CsvRow.Session($"E{i}", "2026-09-01T09:30:00Z", cost: "1.00"))]);
            return clinic;
        }

        private Task<int> MakeAsync(Site site, int clinic, int month, string name) => site.InAsync(clinic, async services =>
        {
            using var made = await services.GetRequiredService<MakePdf>().RunAsync(
                new(new UsageMonth(2026, month), true, true, UsageSort.Default), "test", seal: null, rowsDone: null, CancellationToken.None);
            File.Copy(made.File.Path, Path.Combine(_folder, name));
            return made.File.Pages;
        });
    }
}
