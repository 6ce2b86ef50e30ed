using System.Globalization;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CreditUsage.Data;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Who is let in by a key, where, and what is kept of it (security.md A06-A09).</summary>
[Collection(ApiCollection.Name)]
public sealed class ApiKeyTests(ApiSite api)
{

    public static TheoryData<string, string, string> Routes => new()
    {
        { "POST", "/api/v1/usage-events", ApiScopes.WriteUsage },
        { "GET", "/api/v1/usage-events?month=2026-10", ApiScopes.ReadReports },
        { "GET", "/api/v1/usage-report?month=2026-10", ApiScopes.ReadReports },
        { "GET", "/api/v1/top-up-schedules", ApiScopes.ReadReports },
        { "GET", "/api/v1/usage-events/E1", ApiScopes.ReadReports },
        { "GET", "/api/v1/saved-reports/018f0000-0000-7000-8000-000000000000/pdf", ApiScopes.ReadReports },
        { "GET", "/api/v1/statement?month=2026-10", ApiScopes.ReadReports },
        { "GET", "/api/v1/months", ApiScopes.ReadReports },
        { "GET", "/api/v1/usage-changes", ApiScopes.ReadReports },
        { "POST", "/api/v1/months/2026-10/close", ApiScopes.CloseMonths },
        { "GET", "/api/v1/credit-prices", ApiScopes.ReadReports },
        { "GET", "/api/v1/balance", ApiScopes.ReadReports },
        { "GET", "/api/v1/ledger-entries", ApiScopes.ReadReports },
        { "GET", "/api/v1/saved-reports?month=2026-10", ApiScopes.ReadReports },
        { "POST", "/api/v1/purchases", ApiScopes.WriteCredits },
        { "POST", "/api/v1/top-up-schedules", ApiScopes.WriteUsage },
        { "POST", "/api/v1/top-up-schedules/1/end", ApiScopes.WriteUsage },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Each_route_takes_a_key_of_its_scope_that_is_in_force_and_nothing_else(string method, string path, string scope)
    {
        var clinic = await api.SubscriptionAsync();
        var (revokedName, revoked) = await api.KeyAsync(clinic, scope);
        await RevokeAsync(clinic, revokedName);
        var (_, expired) = await api.KeyAsync(clinic, scope, days: 0);
        var (_, right) = await api.KeyAsync(clinic, scope);
        api.Site.Clock.Advance(TimeSpan.FromDays(1));
        var other = (await api.KeyAsync(clinic, ApiScopes.All.First(one => one != scope))).Key;

        await IsAsync(HttpStatusCode.Unauthorized, method, path, null);
        foreach (var wrong in new[] { "", "rubbish", "cu_", "cu__", right[..^1] + (right[^1] == 'A' ? 'B' : 'A'), right + "A", right.ToUpperInvariant(), "cu_aaaaaaaaaa_" + right[14..], new string('x', 5000), revoked, expired })
            await IsAsync(HttpStatusCode.Unauthorized, method, path, $"Bearer {wrong}");
        await IsAsync(HttpStatusCode.Unauthorized, method, path, $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"key:{right}"))}");
        await IsAsync(HttpStatusCode.Unauthorized, method, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}key={right}&access_token={right}&api_key={right}", null);
        await IsAsync(HttpStatusCode.Forbidden, method, path, $"Bearer {other}");
        // With the right key it is the body that is looked at, and events are no schedule and no purchase; what is asked for does not exist.
        var letIn = method == "POST" && !path.Contains("events", StringComparison.Ordinal) ? HttpStatusCode.BadRequest
            : path.EndsWith("/E1", StringComparison.Ordinal) || path.EndsWith("/pdf", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK;
        await IsAsync(letIn, method, path, $"Bearer {right}");
        await IsAsync(letIn, method, path, $"bearer {right}");
    }

    [Fact]
    public void Every_route_of_the_API_is_in_the_table_of_keys()
    {
        var routes = api.Site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method =>
                (method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Single().Policy!)));
        Assert.Equal(
            Routes.Select(row => ((string)row[0], ((string)row[1]).Split('?')[0].Replace("/1/", "/{id}/", StringComparison.Ordinal).Replace("/018f0000-0000-7000-8000-000000000000/", "/{id}/", StringComparison.Ordinal).Replace("/2026-10/", "/{month}/", StringComparison.Ordinal).Replace("/E1", "/{event_id}", StringComparison.Ordinal), (string)row[2])).Order(),
            routes.Order());
    }

    [Fact]
    public async Task A_refusal_tells_nothing_of_why()
    {
        var clinic = await api.SubscriptionAsync();
        var (name, revoked) = await api.KeyAsync(clinic, ApiScopes.ReadReports);
        await RevokeAsync(clinic, name);
        var replies = new List<string>();
        foreach (var key in new[] { revoked, "cu_aaaaaaaaaa_" + revoked[14..], revoked + "x" })
        {
            using var caller = new ApiCaller(api.Site, clinic, key);
            var reply = (await caller.GetAsync("/api/v1/usage-report?month=2026-10")).Refused(HttpStatusCode.Unauthorized);
            Assert.Equal("Bearer realm=\"CreditUsage\"", Assert.Single(reply.Headers.WwwAuthenticate).ToString());
            replies.Add(reply.Text);
        }
        Assert.Single(replies.Distinct());
    }

    [Fact]
    public async Task A_cookie_opens_no_API_and_a_key_no_page()
    {
        var clinic = await api.SubscriptionAsync();
        await api.Site.UserAsync(clinic, "administrator@keys.example", Roles.Administrator);
        using var visitor = await Visitor.SignedInAsync(api.Site, "administrator@keys.example");
        foreach (var path in new[] { "/api/v1/usage-report?month=2026-10", "/api/v1/usage-events?month=2026-10" })
        {
            using var answer = await visitor.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        foreach (var scope in ApiScopes.All)
        {
            using var caller = await api.CallerAsync(clinic, scope);
            foreach (var path in Pages())
            {
                using var answer = await caller.Http.GetAsync(new Uri(path, UriKind.Relative));
                Assert.True(answer.Headers.Location?.OriginalString.Contains(Visitor.LoginPath, StringComparison.Ordinal) == true, $"{path} answered {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Who_is_signed_in_and_calls_with_a_key_of_another_clinic_reaches_that_one()
    {
        var (mine, other) = (await api.SubscriptionAsync(), await api.Site.SubscriptionAsync("The other", new DateOnly(2026, 1, 1)));
        await api.Site.UserAsync(mine, "administrator@two.example", Roles.Administrator);
        using var visitor = await Visitor.SignedInAsync(api.Site, "administrator@two.example");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/usage-report?month=2026-10") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", (await api.KeyAsync(other, ApiScopes.ReadReports)).Key) } };
        using var answer = await visitor.Http.SendAsync(request);
        Assert.Contains("\"subscription\":\"The other\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_holds_a_hash_and_a_prefix()
    {
        using var caller = await api.CallerAsync();
        var row = await caller.InDbAsync(db => db.ApiKeys.SingleAsync());
        Assert.Matches("^cu_[a-z0-9]{10}_[A-Za-z0-9_-]{43}$", caller.Key!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Key!))), row.SecretHash);
        Assert.StartsWith($"cu_{row.Prefix}_", caller.Key!, StringComparison.Ordinal);
        Assert.NotEqual(caller.Key, (await api.KeyAsync(caller.Subscription, ApiScopes.WriteUsage)).Key);
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_kept_to_the_minute()
    {
        using var caller = await api.CallerAsync(ApiScopes.ReadReports);
        Assert.Null((await caller.InDbAsync(db => db.ApiKeys.SingleAsync())).LastUsedAt);
        for (var call = 0; call < 2; call++)
        {
            var now = api.Site.Clock.GetUtcNow();
            await caller.GetAsync("/api/v1/usage-report?month=2026-10");
            await Wait.UntilAsync(async () => (await caller.InDbAsync(db => db.ApiKeys.SingleAsync())).LastUsedAt == new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero));
            api.Site.Clock.Advance(TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task A_call_that_reads_does_not_wait_for_who_writes()
    {
        using var caller = await api.CallerAsync(ApiScopes.ReadReports);
        await using var busy = await TestDatabase.HoldWriteLockAsync(api.Site.DataPath, caller.Subscription);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/v1/usage-report?month=2026-10")).Status);
    }

    [Fact]
    public async Task A_key_is_found_nowhere_though_it_was_sent_everywhere()
    {
        var log = new Lines();
        await using var site = new Site { ChangeServices = services => services.AddLogging(logging => logging.AddProvider(log)) };
        site.With("Logging:LogLevel:Default", "Information").UseKestrel(0);
        site.StartServer();
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        var secret = (await site.InAsync(clinic, services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync("Canary", ApiScopes.WriteUsage, create.Today, CancellationToken.None);
        })).Secret!.Text;
        using var caller = new ApiCaller(site, clinic, secret);

        var replies = new[]
        {
            await caller.StoreAsync(ApiCaller.Session("E1")),
            await caller.StoreAsync(ApiCaller.Session("E2", more: [("program", secret)])),
            await caller.StoreAsync(ApiCaller.Session("E2", more: [(secret, secret)])),
            await caller.PostAsync($"{{\"{secret}"),
            await caller.PostAsync("[]", secret),
            await caller.GetAsync($"/api/v1/{secret}"),
            await caller.GetAsync($"/nowhere/{secret}"),
        };

        Assert.Equal([200, 400, 400, 400, 400, 404], replies.Take(6).Select(reply => (int)reply.Status));
        Assert.All(replies.Take(6), reply => Assert.DoesNotContain(secret, reply.Text, StringComparison.Ordinal));
        Assert.NotEmpty(log.Written);
        Assert.DoesNotContain(log.Written, line => line.Contains(secret, StringComparison.Ordinal));
        Assert.All(LiveFiles.In(site.DataPath, "creditusage.db*"), file => Assert.True(file.Bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, file.Path));
    }

    private async Task IsAsync(HttpStatusCode status, string method, string path, string? authorization)
    {
        // Each route from an address of its own: so many calls without a key are too many for one.
        var place = Routes.Select(row => $"{row[0]} {row[1]}").ToList().IndexOf($"{method} {path}");
        using var caller = new ApiCaller(api.Site, 0, null, IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.3.{place + 2}")));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (method == "POST") request.Content = new StringContent($"[{ApiCaller.Session("E1").ToJsonString()}]", Encoding.UTF8, "application/json");
        var reply = await caller.SendAsync(request);
        if (status == HttpStatusCode.OK) Assert.Equal(status, reply.Status);
        else reply.Refused(status);
    }

    /// <summary>Every page that wants a sign-in and no value in its address.</summary>
    private IEnumerable<string> Pages() => api.Site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.RoutePattern.Parameters.Count == 0)
        .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") != false)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Where(path => !path.StartsWith("/api/", StringComparison.Ordinal)).Distinct();

    private Task<bool> RevokeAsync(int clinic, string name) => api.Site.InAsync(clinic, async services =>
    {
        var id = await services.GetRequiredService<CreditUsageDb>().ApiKeys.Where(key => key.Name == name).Select(key => key.Id).SingleAsync();
        return await services.GetRequiredService<RevokeApiKey>().RunAsync(id, CancellationToken.None);
    });

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyList<string> Written => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
