using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CreditUsage.Domain.Auditing;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageEvents;

/// <summary>A call with an Idempotency-Key has one effect and one answer, however often it comes (security.md A01-A05).</summary>
[Collection(ApiCollection.Name)]
public sealed class IdempotencyTests(ApiSite api)
{
    [Fact]
    public async Task Fifty_times_at_once_is_once()
    {
        using var caller = await api.CallerAsync();
        var body = Body(ApiCaller.Session("E1"), ApiCaller.TopUp("E2"));

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => caller.PostAsync(body, "first")));

        Assert.All(replies, reply => Assert.Equal((HttpStatusCode.OK, "{\"accepted\":2,\"duplicates\":0}"), (reply.Status, reply.Text)));
        Assert.Equal((2, 1, 1), (await caller.CountAsync(), await caller.InDbAsync(db => db.UsageIntakes.CountAsync()), await caller.InDbAsync(db => db.IdempotentAnswers.CountAsync())));
    }

    [Fact]
    public async Task Another_body_under_the_key_is_refused_and_the_first_answer_stays()
    {
        using var caller = await api.CallerAsync();
        await caller.PostAsync(Body(ApiCaller.Session("E1")), "first");

        (await caller.PostAsync(Body(ApiCaller.Session("E2")), "first")).Refused(HttpStatusCode.UnprocessableEntity);

        Assert.Equal((1, 0), (await caller.PostAsync(Body(ApiCaller.Session("E1")), "first")).Counts);
        Assert.Equal(1, await caller.CountAsync());
    }

    [Fact]
    public async Task A_refusal_is_given_again_though_the_call_could_succeed_by_now()
    {
        using var caller = await api.CallerAsync();
        var tooEarly = Body(ApiCaller.Session("E1", api.Site.Clock.GetUtcNow().AddMinutes(6).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")));
        var first = (await caller.PostAsync(tooEarly, "first")).Refused(HttpStatusCode.UnprocessableEntity);
        api.Site.Clock.Advance(TimeSpan.FromMinutes(2));

        var again = (await caller.PostAsync(tooEarly, "first")).Refused(HttpStatusCode.UnprocessableEntity);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(0, await caller.CountAsync());
        Assert.Equal((1, 0), (await caller.PostAsync(tooEarly, "second")).Counts);
    }

    [Fact]
    public async Task A_conflict_is_given_again_and_stored_nothing()
    {
        using var caller = await api.CallerAsync();
        await caller.StoreAsync(ApiCaller.Session("E1"));
        var body = Body(ApiCaller.Session("E0"), ApiCaller.Session("E1", more: [("program", "Pain")]));

        var first = (await caller.PostAsync(body, "first")).Refused(HttpStatusCode.Conflict);
        var again = (await caller.PostAsync(body, "first")).Refused(HttpStatusCode.Conflict);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal((1, 1), (await caller.CountAsync(), await caller.InDbAsync(db => db.Programs.CountAsync())));
    }

    [Fact]
    public async Task Each_key_has_a_namespace_of_its_own()
    {
        using var one = await api.CallerAsync();
        using var two = await api.CallerAsync(one.Subscription);
        await one.PostAsync(Body(ApiCaller.Session("E1")), "first");
        Assert.Equal((1, 0), (await two.PostAsync(Body(ApiCaller.Session("E2")), "first")).Counts);
        Assert.Equal(2, await one.CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("é")]
    [InlineData("tab\there")]
    [InlineData("256")]
    public async Task A_key_of_other_than_1_to_255_visible_ASCII_characters_is_400(string key)
    {
        using var caller = await api.CallerAsync();
        var reply = await RawAsync(caller, key == "256" ? new string('k', 256) : key, Body(ApiCaller.Session("E1")));
        Assert.StartsWith("HTTP/1.1 400 ", reply, StringComparison.Ordinal);
        Assert.Equal(0, await caller.CountAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    public async Task A_key_of_1_and_of_255_characters_is_taken(int characters)
    {
        using var caller = await api.CallerAsync();
        Assert.Equal((1, 0), (await caller.PostAsync(Body(ApiCaller.Session("E1")), new string('~', characters))).Counts);
    }

    [Fact]
    public async Task A_caller_who_goes_away_and_comes_again_has_one_effect()
    {
        using var caller = await api.CallerAsync();
        var body = Body([.. Enumerable.Range(1, 500).Select(number => ApiCaller.Session($"E{number}"))]);
        for (var attempt = 0; attempt < 10; attempt++) await SendAndLeaveAsync(caller, "first", body);

        var reply = await caller.PostAsync(body, "first");

        Assert.Equal((500, 0), reply.Counts);
        Assert.Equal((500, 1), (await caller.CountAsync(), await caller.InDbAsync(db => db.UsageIntakes.CountAsync())));
    }

    [Fact]
    public async Task Where_the_answer_cannot_be_kept_the_events_are_not_kept_either()
    {
        var failure = new AnswersFail();
        await using var site = new Site { ChangeServices = services => TestDatabase.AddInterceptor(services, failure) };
        site.UseKestrel(0);
        site.StartServer();
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        var (secret, _) = await site.InAsync(clinic, services => services.GetRequiredService<CreateApiKey>().RunAsync("Meter", ApiScopes.WriteUsage, new DateOnly(2026, 12, 1), CancellationToken.None));
        using var caller = new ApiCaller(site, clinic, secret!.Text);
        var body = Body(ApiCaller.Session("E1"));

        var broken = (await caller.PostAsync(body, "first")).Refused(HttpStatusCode.InternalServerError);
        Assert.Contains(broken.Headers.GetValues("X-Reference").Single(), broken.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (await caller.CountAsync(), await caller.InDbAsync(db => db.AuditEntries.CountAsync(entry => entry.Action == AuditAction.ApiIngest))));

        failure.Over = true;
        Assert.Equal((1, 0), (await caller.PostAsync(body, "first")).Counts);
        Assert.Equal((1, 0), (await caller.PostAsync(body, "first")).Counts);
        Assert.Equal(1, await caller.CountAsync());
    }

    [Fact]
    public async Task The_answers_of_a_subscription_belong_to_it()
    {
        using var one = await api.CallerAsync();
        using var other = await api.CallerAsync(ApiScopes.WriteUsage);
        await one.PostAsync(Body(ApiCaller.Session("E1")), "first");
        Assert.Equal(0, await other.InDbAsync(db => db.IdempotentAnswers.CountAsync()));
    }

    private static string Body(params JsonObject[] events) => new JsonArray([.. events.Select(usage => usage.DeepClone())]).ToJsonString();

    /// <summary>By hand, since a client would not send such headers.</summary>
    private static async Task<string> RawAsync(ApiCaller caller, string key, string body)
    {
        using var connection = await SendRawAsync(caller, key, body);
        using var answer = new StreamReader(connection.GetStream());
        return await answer.ReadToEndAsync();
    }

    private static async Task SendAndLeaveAsync(ApiCaller caller, string key, string body)
    {
        using var connection = await SendRawAsync(caller, key, body);
        connection.LingerState = new LingerOption(true, 0);
    }

    private static async Task<TcpClient> SendRawAsync(ApiCaller caller, string key, string body)
    {
        var address = caller.Http.BaseAddress!;
        var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = $"POST {ApiCaller.Events} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nAuthorization: Bearer {caller.Key}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {bytes.Length}\r\nIdempotency-Key: {key}\r\n\r\n";
        await connection.GetStream().WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. bytes]);
        return connection;
    }

    /// <summary>A database that takes everything but answers, until it is over.</summary>
    private sealed class AnswersFail : DbCommandInterceptor
    {
        public bool Over { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            Over || !command.CommandText.Contains("INSERT INTO \"IdempotentAnswers\"", StringComparison.Ordinal) ? new(result) : throw new InvalidOperationException("The disk is gone.");
    }
}
