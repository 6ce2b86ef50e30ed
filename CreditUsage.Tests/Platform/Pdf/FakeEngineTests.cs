using System.Diagnostics;
using System.Net;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Bench;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Pdf;

/// <summary>Engines that fail in every way that was seen or feared, in every sandbox. Exit codes prove nothing; what is kept must have been proved.</summary>
public sealed class FakeEngineTests(FakeEngineTests.Workshop workshop) : IClassFixture<FakeEngineTests.Workshop>
{
    private const string October = "/usage-report/pdf?year=2026&month=10&sessions=true&topUps=true";

    /// <summary>Those that take a processor or a gigabyte for as long as they live: one at a time, for the machine's sake.</summary>
    private static readonly string[] Greedy = ["writes 10 GB to standard error", "works for ever"];

    private static readonly (string What, string Script)[] Fakes =
    [
        ("exits 0 without a file", "exit 0"),
        ("exits 0 with an empty file", ": > out.pdf"),
        ("exits 0 with garbage", "head -c 5000 /dev/urandom > out.pdf"),
        ("exits 0 with half a PDF", "head -c $(($(wc -c < GOOD) / 2)) GOOD > out.pdf"),
        ("exits 0 with the start and the end of a PDF", "{ head -c 2000 GOOD; tail -c 600 GOOD; } > out.pdf"),
        ("exits 0 with another number of pages", "cp LONGER out.pdf"),
        ("exits 0 with a link to a report", "ln -s GOOD out.pdf"),
        ("exits 0 with a link to a file of the system", "ln -s /etc/passwd out.pdf"),
        ("exits 0 with a pipe", "mkfifo out.pdf"),
        ("exits 0 with a folder", "mkdir out.pdf"),
        ("exits 1 with a good PDF", "cp GOOD out.pdf; exit 1"),
        ("writes a megabyte to standard error and fails", "head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1"),
        ("writes 10 GB to standard error", "head -c 10000000000 /dev/zero >&2; exit 1"),
        ("writes 5 GB", "head -c 5000000000 /dev/zero > out.pdf; exit 0"),
        // In a namespace of its own the script is process 1, which no signal of its own ends.
        ("crashes", "cp GOOD out.pdf; sh -c 'kill -SEGV $$'; exit $?"),
        ("sleeps for ever", "sleep SLEEP"),
        ("works for ever", "while :; do :; done"),
        ("writes its PDF and sleeps for ever", "cp GOOD out.pdf; sleep SLEEP & wait"),
        ("leaves a child that holds its pipes", "sleep SLEEP & exit 0"),
        ("leaves a grandchild that holds its pipes and has left its group", "setsid sh -c 'sleep SLEEP & wait' & exit 0"),
        ("ignores being asked to stop", "trap '' TERM INT HUP; while :; do sleep SLEEP; done"),
    ];

    public static TheoryData<string> Failures => [.. Fakes.Select(fake => fake.What)];

    /// <summary>In every sandbox, side by side: most of it is waiting for a deadline.</summary>
    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_engine_that_fails_is_refused_in_words_and_leaves_nothing(string what)
    {
        workshop.Engine.Do(Fakes.Single(fake => fake.What == what).Script);
        foreach (var together in Sandboxes.All.Chunk(Greedy.Contains(what) ? 1 : Sandboxes.All.Count))
            await Task.WhenAll(together.Select(sandbox => RefusedAsync(workshop.Impatient(sandbox), $"{what}, {sandbox}", save: true)));
        await workshop.Engine.NothingRunsAsync();
    }

    [Fact]
    public async Task An_engine_that_fails_is_refused_in_words_where_nothing_is_to_be_kept()
    {
        workshop.Engine.Do("exit 0");
        await RefusedAsync(workshop.In(PdfSandbox.Bubblewrap), "GET", save: false);
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task An_engine_that_is_missing_or_cannot_run_is_refused_in_words(PdfSandbox sandbox)
    {
        workshop.Engine.Remove();
        await RefusedAsync(workshop.In(sandbox), "missing", save: true);
        workshop.Engine.Do("cp GOOD out.pdf", mode: UnixFileMode.UserRead);
        await RefusedAsync(workshop.In(sandbox), "not executable", save: true);
    }

    /// <summary>The clock, the guard, the sandbox, the engine, and what the engine started: each in a run of its own, which ends at once and not at its deadline of ten minutes.</summary>
    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task Whichever_of_its_processes_is_killed_it_is_refused_in_words_and_leaves_nothing(PdfSandbox sandbox)
    {
        workshop.Engine.Do("sleep SLEEP");
        var (killed, processes) = (0, 1);
        while (killed < processes)
        {
            var refused = RefusedAsync(workshop.In(sandbox), $"process {killed}", save: true);
            IReadOnlyList<int> running = [];
            // While a thread of this process ends, its children are for a moment nobody's.
            await Wait.UntilAsync(() => refused.IsCompleted || (workshop.Engine.Sleeps() && (running = workshop.Engine.Among(ProcessFigures.Descendants(Environment.ProcessId))).Count > killed));
            Assert.True(running.Count > killed, $"Of {running.Count} processes there is none to be killed as number {killed}.");
            // The one that waits for the site's end is missed by nobody while the site lives: the engine works on until it is ended, too.
            var goesOn = killed > 0 && FakeEngine.AreAlike(running[killed - 1], running[killed]);
            Kill(running[killed]);
            if (goesOn) Kill(running[^1]);
            (killed, processes) = (killed + 1, running.Count);
            await refused;
            await workshop.Engine.NothingRunsAsync();
        }
        Assert.InRange(killed, 3, 10);
    }

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task A_megabyte_on_standard_error_stops_nobody(PdfSandbox sandbox)
    {
        workshop.Engine.Do("head -c 1000000 /dev/zero | tr '\\0' x >&2; cp GOOD out.pdf");
        using var answer = await workshop.In(sandbox).Finance.GetAsync(October);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task What_a_good_engine_leaves_running_is_ended(PdfSandbox sandbox)
    {
        workshop.Engine.Do("setsid sleep SLEEP < /dev/null > /dev/null 2>&1 & cp GOOD out.pdf");
        using var answer = await workshop.In(sandbox).Finance.GetAsync(October);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await workshop.Engine.NothingRunsAsync();
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task A_link_where_the_site_is_about_to_write_leads_it_nowhere(PdfSandbox sandbox)
    {
        await File.WriteAllTextAsync(workshop.Engine.File("VICTIM"), "as it was");
        workshop.Engine.Do("cp GOOD out.pdf; ln -s VICTIM properties.json; ln -s VICTIM final.pdf; mkdir more; ln -s VICTIM more/one");
        using var answer = await workshop.In(sandbox).Finance.GetAsync(October);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("as it was", await File.ReadAllTextAsync(workshop.Engine.File("VICTIM")));
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task The_engine_gets_no_environment_of_the_site(PdfSandbox sandbox)
    {
        var seen = await SeenAsync(sandbox, "env > out.pdf");
        Assert.Empty(seen.Select(line => line.Split('=')[0]).Except(["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "QT_QPA_PLATFORM", "LANG", "TZ", "PWD", "SHLVL", "_", "OLDPWD"]));
        Assert.Contains("TZ=UTC", seen);
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task Bubblewrap_shows_the_engine_no_file_of_the_server_and_lets_it_write_nowhere_else(PdfSandbox sandbox)
    {
        var database = Path.Combine(workshop.In(sandbox).Site.DataPath, "creditusage.db");
        var seen = await SeenAsync(sandbox, $"for path in /etc/passwd /home /root {database}; do if [ -e $path ]; then echo sees; fi; done > out.pdf; if touch /usr/written 2> /dev/null; then rm /usr/written; echo writes; fi >> out.pdf");
        if (workshop.In(sandbox).Works == PdfSandbox.Bubblewrap) Assert.Empty(seen);
        else Assert.Contains("sees", seen);
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task An_engine_that_takes_more_than_a_gigabyte_is_ended_for_it(PdfSandbox sandbox)
    {
        workshop.Engine.Do("head -c 8000000000 /dev/zero | tail -c 8000000000 > out.pdf; exit 0");
        Assert.Contains("1 GB", await RefusedAsync(workshop.In(sandbox), "takes 8 GB", save: true), StringComparison.Ordinal);
        await workshop.Engine.NothingRunsAsync();
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task An_engine_that_starts_500_processes_is_ended_for_it(PdfSandbox sandbox)
    {
        var problem = await Assert.ThrowsAsync<PdfException>(() => SeenAsync(sandbox, "i=0; while [ $i -lt 500 ]; do sleep SLEEP & i=$((i+1)); done; wait"));
        // In a namespace the kernel stops it first, unless it is root's.
        Assert.True(problem.Message.Contains("more than 64 processes", StringComparison.Ordinal) || (!Environment.IsPrivilegedProcess && problem.Message.Contains("ended with 2", StringComparison.Ordinal)), problem.Message);
        await workshop.Engine.NothingRunsAsync();
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task In_bubblewrap_the_engine_can_make_no_call_that_it_does_not_need(PdfSandbox sandbox)
    {
        var seen = await SeenAsync(sandbox, "{ grep Seccomp: /proc/self/status; unshare -r true; bash -c 'exec 5<>/dev/tcp/127.0.0.1/9'; bash -c 'exec 5<>/dev/udp/::1/9'; echo over; } > out.pdf 2>&1");
        var said = string.Join('\n', seen);
        Assert.EndsWith("over", said, StringComparison.Ordinal);
        var filtered = workshop.In(sandbox).Works == PdfSandbox.Bubblewrap;
        Assert.Equal(filtered, seen.Contains("Seccomp:\t2"));
        Assert.Equal(filtered, said.Contains("unshare failed: Operation not permitted", StringComparison.Ordinal));
        Assert.Equal(filtered ? 2 : 0, seen.Count(line => line.Contains("socket: Address family not supported", StringComparison.Ordinal)));
    }

    /// <summary>The lines of what a script put where its PDF belongs, run by the cage itself.</summary>
    private async Task<string[]> SeenAsync(PdfSandbox sandbox, string script)
    {
        workshop.Engine.Do(script);
        var (folder, site) = (Directory.CreateTempSubdirectory("creditusage-cage-").FullName, workshop.In(sandbox).Site);
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

    /// <returns>What the page says.</returns>
    private static async Task<string> RefusedAsync(Bench bench, string what, bool save)
    {
        using var answer = save ? await bench.Finance.PostAsync("/usage-report", October) : await bench.Finance.GetAsync(October);
        Assert.Equal((what, HttpStatusCode.ServiceUnavailable), (what, answer.StatusCode));
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        var problem = (await Visitor.ReadAsync(answer)).QuerySelector("[data-problem]")!.TextContent;
        Assert.Contains("Print", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("self-test", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Site.DataPath, problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(bench.Site.DataPath, "reports")), what);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(bench.Site.DataPath, "pdf-jobs")));
        Assert.Equal(0, await bench.Site.InAsync(bench.Clinic, services => services.GetRequiredService<CreditUsageDb>().SavedReports.CountAsync()));
        return problem;
    }

    /// <summary>A site that goes no further than one sandbox, and somebody signed in to it.</summary>
    public sealed record Bench(Site Site, int Clinic, Visitor Finance, PdfSandbox Works);

    /// <summary>A site for each sandbox, all with the same engine, and real PDFs of their months for the scripts to hand out.</summary>
    public sealed class Workshop : IAsyncLifetime
    {
        private const int DeadlineSeconds = 2;

        private readonly Dictionary<PdfSandbox, Bench> _benches = [];
        private readonly Dictionary<PdfSandbox, Bench> _impatient = [];

        public FakeEngine Engine { get; } = new();

        public Bench In(PdfSandbox sandbox) => _benches[sandbox];

        /// <summary>One that ends an engine soon: whatever fails, and whatever would go on for ever.</summary>
        public Bench Impatient(PdfSandbox sandbox) => _impatient[sandbox];

        public async Task InitializeAsync()
        {
            Engine.Do("exit 1");
            foreach (var sandbox in Sandboxes.All)
            {
                _benches[sandbox] = await BenchAsync(Sandboxes.SiteAtMost(sandbox), sandbox);
                _impatient[sandbox] = await BenchAsync(Sandboxes.SiteAtMost(sandbox).With("CreditUsage:Pdf:TimeoutSeconds", $"{DeadlineSeconds}"), sandbox);
            }
            await using var real = new Site();
            var clinic = await ClinicAsync(real);
            await MakeAsync(real, clinic, 10, "GOOD");
            await MakeAsync(real, clinic, 9, "LONGER");
        }

        public async Task DisposeAsync()
        {
            foreach (var bench in _benches.Values.Concat(_impatient.Values))
            {
                bench.Finance.Dispose();
                await bench.Site.DisposeAsync();
            }
            Engine.Dispose();
        }

        private async Task<Bench> BenchAsync(Site site, PdfSandbox sandbox)
        {
            site.With("CreditUsage:Pdf:WkhtmltopdfPath", Engine.Program);
            site.UseKestrel(0);
            site.StartServer();
            var clinic = await ClinicAsync(site);
            await site.UserAsync(clinic, "finance@fake.example", Roles.FinanceAdministrator);
            // Nothing but what follows is to be tested: the engine's version and its self-test are behind us.
            var works = Sandboxes.Strongest(sandbox);
            Assert.Equal($"{FakeEngine.RightVersion}, {works}", await site.Services.GetRequiredService<PdfSandboxRunner>().RequireEngineAsync(CancellationToken.None));
            return new Bench(site, clinic, await Visitor.SignedInAsync(site, "finance@fake.example"), works);
        }

        private static async Task<int> ClinicAsync(Site site)
        {
            var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
            await site.ImportRowsAsync(clinic, [CsvRow.Session("E0", "2026-10-01T09:30:00Z", cost: "1.00"), .. Enumerable.Range(1, 100).Select(i => CsvRow.Session($"E{i}", "2026-09-01T09:30:00Z", cost: "1.00"))]);
            return clinic;
        }

        private Task<int> MakeAsync(Site site, int clinic, int month, string name) => site.InAsync(clinic, async services =>
        {
            using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(
                new(new UsageMonth(2026, month), true, true, UsageSort.Default), "test", seal: null, rowsDone: null, CancellationToken.None);
            File.Copy(made.File.Path, Engine.File(name));
            return made.File.Pages;
        });
    }
}
