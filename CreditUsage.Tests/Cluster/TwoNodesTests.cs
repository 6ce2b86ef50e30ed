using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Cluster;

/// <summary>
/// Two processes serve one site: whoever asks notices nothing of it, and nothing is lost, doubled or out of order. It starts a database server of its own.
/// </summary>
[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class TwoNodesTests
{
    private const int Requests = 8;

    private static readonly string Month = DateTime.UtcNow.AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>One test, since starting all that takes longer than what is looked at.</summary>
    [Fact]
    public async Task Two_nodes_serve_one_site_and_so_does_the_one_that_is_left()
    {
        await using var nodes = new Nodes();
        await nodes.InitializeAsync();
        await ASessionItsFormsAndItsFiguresHoldOnEitherNodeAsync(nodes);
        await AnUploadIsCheckedLookedAtAndImportedWhicheverNodeAnswersAsync(nodes);
        await AReportThatOneNodeMakesIsHadFromBothAsync(nodes);
        await WhatBothWriteAtOnceIsAllThereAndInOneChainAsync(nodes);
        await NothingIsLostOverRestartsKillsAndAnAbsentDatabaseAsync(nodes);
        await WhoeverIsSignedInWorksOnWhileANodeEndsAsync(nodes);
        await nodes.EndAsync();
        Assert.False(Directory.Exists(nodes.Folder));
    }

    private static async Task ASessionItsFormsAndItsFiguresHoldOnEitherNodeAsync(Nodes nodes)
    {
        using var visitor = await nodes.SignedInAsync();
        var totals = new List<string>();
        for (var request = 0; request < Requests; request++) totals.Add((await visitor.PageAsync($"/usage-report?month={Month}&sessions=true&topUps=true")).QuerySelector("#usage-table tfoot")!.TextContent);

        Assert.Single(totals.Distinct());
        // A form of one node, posted to the other.
        using var saved = await visitor.PostAsync("/usage-report", "/Identity/Account/Logout");
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        for (var request = 0; request < 2; request++)
        {
            using var page = await visitor.GetAsync("/dashboard");
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        }
    }

    private static async Task AnUploadIsCheckedLookedAtAndImportedWhicheverNodeAnswersAsync(Nodes nodes)
    {
        using var visitor = await nodes.SignedInAsync();
        var name = Guid.NewGuid().ToString("N")[..8];
        var day = DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        using var wrong = await visitor.UploadAsync(CsvText.Of(CsvRow.Session($"{name}-1", $"{day}T09:00:00Z"), "nonsense"));
        var refused = Uploads.IdOf(wrong);
        await UntilAsync(visitor, refused, "Has errors");
        var lists = new List<string>();
        for (var request = 0; request < Requests; request++) lists.Add(await visitor.Http.GetStringAsync(new Uri($"/imports/{refused}/faults.csv", UriKind.Relative)));
        Assert.StartsWith("Line,Column,What is wrong", Assert.Single(lists.Distinct()), StringComparison.Ordinal);

        using var right = await visitor.UploadAsync(CsvText.Of([.. Enumerable.Range(1, 50).Select(number => CsvRow.Session($"{name}-{number}", $"{day}T09:00:00Z"))]));
        var import = Uploads.IdOf(right);
        await UntilAsync(visitor, import, "Ready to import");
        using var asked = await visitor.PostAsync($"/imports/{import}", $"/imports/{import}/store");
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        await UntilAsync(visitor, import, "Imported");

        for (var request = 0; request < 2; request++) Assert.Contains("50", (await visitor.PageAsync($"/imports/{import}")).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        // Nothing of it lies on one node alone.
        Assert.Empty(Directory.EnumerateFiles(nodes.Folder, "*.csv", SearchOption.AllDirectories));
    }

    private static async Task AReportThatOneNodeMakesIsHadFromBothAsync(Nodes nodes)
    {
        using var visitor = await nodes.SignedInAsync();
        using var queued = await visitor.PostAsync("/usage-report", $"/usage-report/pdf?month={Month}&sessions=true&topUps=true");
        Assert.Contains("/usage-report/jobs", queued.Headers.Location!.OriginalString, StringComparison.Ordinal);

        string? saved = null;
        await Wait.UntilAsync(async () => (saved = (await visitor.PageAsync("/saved-reports")).QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!).FirstOrDefault(link => link.EndsWith("/download", StringComparison.Ordinal))) is not null);

        var files = new List<string>();
        for (var request = 0; request < 4; request++) files.Add(Convert.ToHexStringLower(SHA256.HashData(await visitor.Http.GetByteArrayAsync(new Uri(saved!, UriKind.Relative)))));
        Assert.Single(files.Distinct());
    }

    private static async Task WhatBothWriteAtOnceIsAllThereAndInOneChainAsync(Nodes nodes)
    {
        const int people = 4, each = 10;
        var visitors = await Task.WhenAll(Enumerable.Range(0, people).Select(_ => nodes.SignedInAsync()));
        await Task.WhenAll(visitors.Select((visitor, person) => Task.Run(async () =>
        {
            for (var view = 0; view < each; view++)
            {
                using var saved = await visitor.PostAsync("/usage-report/views", $"/usage-report/views?month={Month}&groupBy=staff&sessions=true", new Dictionary<string, string> { ["name"] = $"View {person}-{view}" });
                Assert.Equal(HttpStatusCode.SeeOther, saved.StatusCode);
            }
        })));

        Assert.Equal(people * each, (await visitors[0].PageAsync("/usage-report/views")).QuerySelectorAll("tr[data-view]").Length);
        foreach (var visitor in visitors) visitor.Dispose();
        using var program = new SiteProgram();
        var (code, output, errors) = await program.RunAsync(
            "--CreditUsage:Database:Provider=PostgreSql", $"--ConnectionStrings:CreditUsage={nodes.Database}",
            $"--CreditUsage:Keys:CertificatePath={Path.Combine(nodes.Folder, "certificate.pfx")}", "--CreditUsage:Keys:CertificatePassword=cluster", "verify-data");
        Assert.True(code == 0 && output.Contains("Everything holds", StringComparison.Ordinal), $"{output}{errors}");
    }

    private static async Task NothingIsLostOverRestartsKillsAndAnAbsentDatabaseAsync(Nodes nodes)
    {
        using var program = new SiteProgram();
        string[] onNodes =
        [
            "--CreditUsage:Database:Provider=PostgreSql", $"--ConnectionStrings:CreditUsage={nodes.Database}",
            $"--CreditUsage:Keys:CertificatePath={Path.Combine(nodes.Folder, "certificate.pfx")}", "--CreditUsage:Keys:CertificatePassword=cluster",
        ];
        var (_, key, _) = await program.RunAsync([.. onNodes, "create-api-key", "--subscription", "1", "--name", "Load", "--scope", "usage:write"]);
        var load = new Load(nodes, Month, key.Trim());
        using var enough = new CancellationTokenSource();
        var running = load.RunAsync(enough.Token);

        for (var restart = 0; restart < Tier.Times(quick: 2, exhaustive: 20); restart++) await nodes.RestartAsync(restart % 2, "TERM");
        load.SetNodesKilled(true);
        for (var kill = 0; kill < Tier.Times(quick: 1, exhaustive: 5); kill++) await nodes.RestartAsync(kill % 2, "KILL");
        load.SetNodesKilled(false);
        for (var restart = 0; restart < Tier.Times(quick: 0, exhaustive: 5); restart++)
        {
            load.SetDatabaseAway(true);
            await nodes.RestartDatabaseAsync();
            await Wait.UntilAsync(nodes.AreReadyAsync);
            load.SetDatabaseAway(false);
        }
        await Wait.UntilAsync(() => load.Requests >= Tier.Times(quick: 500, exhaustive: 100_000), TimeSpan.FromHours(1));
        await enough.CancelAsync();
        await running;

        Assert.True(load.Failures.IsEmpty, string.Join('\n', load.Failures.Take(5).Concat(nodes.Logged.Where(line => line.Contains("Exception", StringComparison.Ordinal)).Take(20))));
        // Who asks for what is being made already is led to that.
        var jobs = load.Jobs.Distinct().ToList();
        var ids = string.Join(", ", jobs.Select(job => $"'{job}'"));
        await Wait.UntilAsync(async () => await nodes.ReadAsync($"""SELECT count(*) FROM "ReportJobs" WHERE "Id" IN ({ids}) AND "SavedReportId" IS NOT NULL""") == jobs.Count);
        Assert.Equal(load.Stored.Count, load.Stored.Distinct().Count());
        Assert.Equal(load.Stored.Count, await nodes.ReadAsync("""SELECT count(*) FROM "UsageEvents" WHERE "EventId" LIKE 'load-%'"""));
        var (code, output, errors) = await program.RunAsync([.. onNodes, "verify-data"]);
        Assert.True(code == 0 && output.Contains("Everything holds", StringComparison.Ordinal), $"{output}{errors}");
    }

    private static async Task WhoeverIsSignedInWorksOnWhileANodeEndsAsync(Nodes nodes)
    {
        using var visitor = await nodes.SignedInAsync();
        var (ended, answers) = (false, new List<HttpStatusCode>());
        var asking = Task.Run(async () =>
        {
            for (var after = 0; after < Requests; after += Volatile.Read(ref ended) ? 1 : 0)
            {
                using var page = await visitor.GetAsync("/usage-report");
                answers.Add(page.StatusCode);
            }
        });

        Nodes.Signal("TERM", nodes.All[1].Id);
        await Wait.UntilAsync(() => Nodes.HasEnded(nodes.All[1].Id));
        Volatile.Write(ref ended, true);
        await asking;

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        using var other = await nodes.SignedInAsync("finance@riverside.example");
        using var home = await other.GetAsync("/dashboard");
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
    }

    private static Task UntilAsync(Visitor visitor, Guid import, string state) =>
        Wait.UntilAsync(async () => (await visitor.PageAsync($"/imports/{import}")).QuerySelector("main")!.TextContent.Contains(state, StringComparison.Ordinal));
}
