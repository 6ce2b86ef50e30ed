using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Cluster;

/// <summary>People and programs that read, sign in, save and send usage without a pause, by way of the proxy. What the proxy may not ask twice is tried again by whoever asked, as a careful client does.</summary>
internal sealed class Load(Nodes nodes, string month, string apiKey)
{
    private const int Readers = 3;
    private const int Senders = 2;
    private const int EventsOfCall = 5;

    /// <summary>Reads between two PDFs that one person asks for: each takes the processors for a second.</summary>
    private const int ReadsBetweenSaves = 100;

    private int _requests;
    private volatile bool _databaseIsAway;
    private volatile bool _nodesAreKilled;

    /// <summary>Answered in any way.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>What was not answered as it should have been.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Ids of events that the API said it has.</summary>
    public ConcurrentBag<string> Stored { get; } = [];

    /// <summary>Reports whose making a page promised.</summary>
    public ConcurrentBag<Guid> Jobs { get; } = [];

    /// <summary>While it is, whoever reads may be told so, and an answer that has begun may break off.</summary>
    public void SetDatabaseAway(bool away) => _databaseIsAway = away;

    /// <summary>While they are, an answer that has begun may break off.</summary>
    public void SetNodesKilled(bool killed) => _nodesAreKilled = killed;

    /// <returns>When all have ended what they had begun.</returns>
    public Task RunAsync(CancellationToken enough) => Task.WhenAll(
        [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(enough), CancellationToken.None)),
            .. Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(sender, enough), CancellationToken.None)),
            Task.Run(() => SignInAsync(enough), CancellationToken.None)]);

    private async Task ReadAsync(CancellationToken enough)
    {
        string[] paths = [$"/usage-report?month={month}&sessions=true&topUps=true", "/dashboard", $"/usage-report/pictures?month={month}&sessions=true&topUps=true", $"/usage-report/csv?month={month}&sessions=true&topUps=true", "/saved-reports"];
        using var visitor = await nodes.SignedInAsync();
        for (var read = 1; !enough.IsCancellationRequested; read++)
        {
            await ReadOnceAsync(visitor, paths[read % paths.Length]);
            if (read % ReadsBetweenSaves == 0) await SaveAsync(visitor);
        }
    }

    private async Task ReadOnceAsync(Visitor visitor, string path)
    {
        var (mayRefuse, mayBreak) = (_databaseIsAway, _databaseIsAway || _nodesAreKilled);
        try
        {
            using var answer = await visitor.GetAsync(path);
            Interlocked.Increment(ref _requests);
            if (answer.StatusCode == HttpStatusCode.OK) return;
            // It may have gone while this was asked.
            var text = await answer.Content.ReadAsStringAsync();
            if ((mayRefuse || _databaseIsAway) && answer.StatusCode == HttpStatusCode.ServiceUnavailable && text.Contains("The database cannot be reached", StringComparison.Ordinal)) return;
            if ((mayRefuse || _databaseIsAway) && answer.StatusCode == HttpStatusCode.BadGateway) return;
            Failures.Enqueue($"{path} answered {(int)answer.StatusCode}: {text}");
        }
        catch (HttpRequestException broken)
        {
            if (!mayBreak && !_databaseIsAway && !_nodesAreKilled) Failures.Enqueue($"{path} broke off: {broken.Message}");
        }
    }

    /// <summary>The month is long enough to be made in the background.</summary>
    private async Task SaveAsync(Visitor visitor)
    {
        if (await TryAsync(() => visitor.PostAsync("/usage-report", $"/usage-report/pdf?month={month}&sessions=true&topUps=true"), answer => answer.StatusCode == HttpStatusCode.SeeOther) is not { } where) return;
        Jobs.Add(Guid.Parse(where.OriginalString["/usage-report/jobs/".Length..]));
    }

    private async Task SendAsync(int sender, CancellationToken enough)
    {
        using var http = new HttpClient { BaseAddress = nodes.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        var at = $"{DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}T09:00:00Z";
        for (var call = 0; !enough.IsCancellationRequested; call++)
        {
            var ids = Enumerable.Range(0, EventsOfCall).Select(place => $"load-{sender}-{call}-{place}").ToList();
            var body = new JsonArray([.. ids.Select(id => ApiCaller.Session(id, at))]).ToJsonString();
            var key = $"load-{sender}-{call}";
            await TryAsync(() => PostAsync(http, body, key), answer => answer.StatusCode == HttpStatusCode.OK);
            foreach (var id in ids) Stored.Add(id);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiCaller.Events) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request);
    }

    private async Task SignInAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using var visitor = new Visitor(nodes.Address);
            await TryAsync(() => visitor.SignInAsync("finance@riverside.example", nodes.PasswordOf("finance@riverside.example")), answer => answer.StatusCode == HttpStatusCode.Redirect);
            await ReadOnceAsync(visitor, "/usage-report");
        }
    }

    /// <summary>Again and again until it is done: a node that ends just then leaves the proxy without an answer, and it may not ask another; one whose database has gone refuses. Anything else is a failure.</summary>
    /// <returns>Where the answer leads, if it does.</returns>
    private async Task<Uri?> TryAsync(Func<Task<HttpResponseMessage>> ask, Func<HttpResponseMessage, bool> isDone)
    {
        Uri? leadsTo = null;
        await Wait.UntilAsync(async () =>
        {
            var mayRefuse = _databaseIsAway;
            try
            {
                using var answer = await ask();
                Interlocked.Increment(ref _requests);
                leadsTo = answer.Headers.Location;
                if (isDone(answer)) return true;
                if ((mayRefuse || _databaseIsAway) && answer.StatusCode == HttpStatusCode.ServiceUnavailable) return false;
                if (answer.StatusCode == HttpStatusCode.BadGateway) return false;
                Failures.Enqueue($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                return true;
            }
            catch (HttpRequestException)
            {
                return false; // The page that the form stands on, or what it led to, broke off.
            }
        });
        return leadsTo;
    }
}
