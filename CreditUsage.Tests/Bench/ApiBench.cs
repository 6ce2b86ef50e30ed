using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Platform.Api;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Bench;

/// <summary>Bringing 100,000 events in by the API, one caller with 1,000 a call, against the bulk import of the same rows.</summary>
internal static class ApiBench
{
    private const int Events = 100_000;
    private const int EventsPerCall = 1000;
    private const int Days = 365;
    private const int Rounds = 3;

    /// <summary>Half the rate of the import: twice its time.</summary>
    private const double Limit = 2;

    private const double LeastEventsPerSecond = 20_000;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder)
    {
        var csv = Path.Combine(folder, "usage.csv");
        await BenchUsage.WriteAsync(csv, BenchData.Month.End.AddDays(-Days), Days, Events);
        var events = Read(csv);
        var empty = await BenchData.CreateAsync(Path.Combine(folder, "empty"));
        SqliteConnection.ClearAllPools();
        var data = ImportBench.CopyOf(empty, "-api");
        var key = await KeyAsync(data);
        await using var site = await SiteProcess.StartAsync(data);
        using var caller = new HttpClient { BaseAddress = site.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        // The service is warm in use: what it compiles at its start is not what a call takes.
        var round = 0;
        await CallAsync(site, caller, Calls(events, round));
        var medians = await Alternating.MediansAsync(() => CallAsync(site, caller, Calls(events, ++round)), () => ImportBench.InProcessAsync(empty, csv), Rounds);
        return
        [
            new Measure("api: wall of 100,000 events, against the import", medians.Ours.WallSeconds * 1000, medians.Reference.WallSeconds * 1000, "ms wall", Limit),
            new Measure("api: ms for 1,000 events, at most", EventsPerCall * 1000 * medians.Ours.WallSeconds / Events, EventsPerCall * 1000 / LeastEventsPerSecond, "ms wall", 1),
            Measure.Cpu("api: CPU of the server, against the import", medians, null),
        ];
    }

    private static async Task<Spent> CallAsync(SiteProcess site, HttpClient caller, IReadOnlyList<byte[]> calls)
    {
        var (before, started) = (ProcessFigures.CpuSeconds(site.Id), Stopwatch.GetTimestamp());
        foreach (var call in calls) await SendAsync(caller, call);
        return new Spent(ProcessFigures.CpuSeconds(site.Id) - before, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static async Task SendAsync(HttpClient caller, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var answer = await caller.PostAsync(new Uri("/api/v1/usage-events", UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The API answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>The same events in each round, under other ids and years earlier.</summary>
    private static List<byte[]> Calls(IReadOnlyList<Dictionary<string, string>> events, int round) => events.Select(usage => new Dictionary<string, string>(usage)
    {
        ["event_id"] = string.Create(CultureInfo.InvariantCulture, $"R{round}-{usage["event_id"]}"),
        ["occurred_at"] = string.Create(CultureInfo.InvariantCulture, $"{int.Parse(usage["occurred_at"].AsSpan(0, 4), CultureInfo.InvariantCulture) - round}{usage["occurred_at"][4..]}"),
    }).Chunk(EventsPerCall).Select(call => JsonSerializer.SerializeToUtf8Bytes(call)).ToList();

    private static List<Dictionary<string, string>> Read(string csv) => File.ReadLines(csv).Skip(1).Select(line => line.Split(','))
        .Select(values => UsageInput.Fields.Zip(values).Where(field => field.Second.Length > 0).ToDictionary(field => field.First, field => field.Second)).ToList();

    private static async Task<string> KeyAsync(BenchData data)
    {
        await using var site = await data.OpenAsync();
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        var create = scope.ServiceProvider.GetRequiredService<CreateApiKey>();
        var (secret, _) = await create.RunAsync("Bench", ApiScopes.WriteUsage, create.Today, CancellationToken.None);
        SqliteConnection.ClearAllPools();
        return secret!.Text;
    }
}
