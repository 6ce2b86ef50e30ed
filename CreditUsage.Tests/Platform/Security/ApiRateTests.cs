using System.Globalization;
using System.Net;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Platform;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>So many calls a minute for each key, and fewer for whoever has none (security.md A13).</summary>
public sealed class ApiRateTests : IAsyncLifetime
{
    private const string Path = "/api/v1/usage-report?month=2026-10";

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        // A tenth at once: 6, and another each second.
        _site.With("CreditUsage:Api:RequestsPerMinute", "60").UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task A_key_that_calls_too_often_waits_and_others_do_not()
    {
        using var busy = await CallerAsync("Busy");
        using var other = await CallerAsync("Other");
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => CallAsync(busy, $"10.0.0.{number}")));

        Assert.InRange(replies.Count(reply => reply.Status == HttpStatusCode.OK), 6, 30);
        var refused = replies.First(reply => reply.Status != HttpStatusCode.OK).Refused(HttpStatusCode.TooManyRequests);
        Assert.InRange(int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(other)).Status);
        await Wait.UntilAsync(async () => (await CallAsync(busy)).Status == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(1, 60, 60)]
    [InlineData(3, 60, 20)]
    [InlineData(100, 60, 1)]
    public void A_node_allows_its_share(int nodes, int limit, int share) => Assert.Equal(share, new CreditUsageOptions { Nodes = nodes }.ShareOf(limit));

    [Fact]
    public async Task One_of_twenty_nodes_lets_a_twentieth_of_the_guesses_through()
    {
        await using var site = new Site().With("CreditUsage:Nodes", "20");
        site.UseKestrel(0);
        site.StartServer();
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        using var guesser = new ApiCaller(site, clinic, "cu_aaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => CallAsync(guesser)));

        Assert.InRange(replies.Count(reply => reply.Status == HttpStatusCode.Unauthorized), ApiRate.AnonymousRequestsPerMinute / 20, 30);
    }

    [Fact]
    public async Task Guessing_keys_is_slow_and_hinders_nobody_who_has_one()
    {
        using var right = await CallerAsync("Right");
        using var guesser = new ApiCaller(_site, _clinic, "cu_aaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        var replies = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => CallAsync(guesser)));

        Assert.InRange(replies.Count(reply => reply.Status == HttpStatusCode.Unauthorized), ApiRate.AnonymousRequestsPerMinute, 250);
        Assert.Contains(replies, reply => reply.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(right)).Status);
    }

    [Fact]
    public async Task Pages_are_not_counted()
    {
        using var visitor = new Visitor(_site);
        for (var visit = 0; visit < 30; visit++)
        {
            using var answer = await visitor.GetAsync(Visitor.LoginPath);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task<ApiReply> CallAsync(ApiCaller caller, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        return await caller.SendAsync(request);
    }

    private async Task<ApiCaller> CallerAsync(string name)
    {
        var (secret, _) = await _site.InAsync(_clinic, services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync(name, ApiScopes.ReadReports, create.Today, CancellationToken.None);
        });
        return new ApiCaller(_site, _clinic, secret!.Text);
    }
}
