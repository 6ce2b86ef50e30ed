using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.UsageEvents;

/// <summary>What cannot be read is refused without a trace (security.md A10, A11), and strictly.</summary>
[Collection(ApiCollection.Name)]
public sealed class UsageEventsBodyTests(ApiSite api)
{
    private const string Start = """[{"event_id":"E1","kind":"connected-session","occurred_at":"2026-10-01T09:30:00Z","staff_id":"S1","staff_name":"Sam","client_id":"C1","client_name":"Ann","program":"Sleep","duration_minutes":""";

    public static TheoryData<string, string> Unreadable => new()
    {
        { "nothing", "" },
        { "no JSON", "event_id=E1" },
        { "an object", """{"event_id":"E1"}""" },
        { "null", "null" },
        { "half an array", "[" },
        { "a trailing comma", Start + "25},]" },
        { "something after the array", Start + "25}] []" },
        { "a comment", Start + "25}] // all" },
        { "a byte order mark", "\uFEFF" + Start + "25}]" },
        { "an array in the array", "[[]]" },
        { "a text in the array", "[\"E1\"]" },
        { "a member twice", Start + "25,\"event_id\":\"E2\"}]" },
        { "a member twice, once escaped", Start + "25,\"event\\u005fid\":\"E2\"}]" },
        { "an unknown member", Start + "25,\"isAdmin\":true}]" },
        { "another clinic", Start + "25,\"subscriptionId\":2}]" },
        { "a closed month", Start + "25,\"closed\":true,\"id\":1}]" },
        { "a prototype", Start + "25,\"__proto__\":{}}]" },
        { "a field in other capitals", Start + "25,\"Credits\":5}]" },
        { "a list for a number", Start + "[25]}]" },
        { "an object for a number", Start + "{\"value\":25}}]" },
        { "true for a number", Start + "true}]" },
        { "half a surrogate pair", Start + "\"\\ud800\"}]" },
        { "a number with a plus", Start + "+25}]" },
        { "a hexadecimal number", Start + "0x19}]" },
        { "no number", Start + "NaN}]" },
        { "nested ten thousand deep", new string('[', 10_000) + new string(']', 10_000) },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_is_no_array_of_events_is_400(string what, string body)
    {
        using var caller = await api.CallerAsync();
        var reply = (await caller.PostAsync(body)).Refused(HttpStatusCode.BadRequest);
        Assert.True(reply.Text.Length < 1000, what);
        Assert.Equal(0, await caller.CountAsync());
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_400()
    {
        using var caller = await api.CallerAsync();
        byte[] body = [.. Encoding.UTF8.GetBytes("[{\"event_id\":\""), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}]")];
        (await caller.PostAsync(body)).Refused(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("25", null)]
    [InlineData("\"25\"", null)]
    [InlineData("25.0", null)]
    [InlineData("5.0000000001", "duration_minutes")]
    [InlineData("1e400", "duration_minutes")]
    [InlineData("1e1", "duration_minutes")]
    [InlineData("-5", "duration_minutes")]
    [InlineData("99999999999999999999999999", "duration_minutes")]
    [InlineData("\"1,5\"", "duration_minutes")]
    [InlineData("\"٣\"", "duration_minutes")]
    [InlineData("null", "duration_minutes")]
    [InlineData("\"\"", "duration_minutes")]
    public async Task A_number_is_judged_as_it_was_written(string written, string? wrong)
    {
        using var caller = await api.CallerAsync();
        var reply = await caller.PostAsync(Start + written + "}]");
        if (wrong is null) Assert.Equal((1, 0), reply.Counts);
        else Assert.Equal([(0, "E1", wrong)], reply.Refused(HttpStatusCode.UnprocessableEntity).Errors);
        Assert.Equal(wrong is null ? 1 : 0, await caller.CountAsync());
    }

    [Theory]
    [InlineData("9.45", 945)]
    [InlineData("\"9.45\"", 945)]
    [InlineData("9.4", 940)]
    [InlineData("9.450", null)]
    [InlineData("9.455", null)]
    [InlineData("0.1e2", null)]
    public async Task A_cost_is_exact_or_refused(string written, int? pence)
    {
        using var caller = await api.CallerAsync();
        var reply = await caller.PostAsync($"{Start}25,\"cost_gbp\":{written}}}]");
        Assert.Equal(pence is null ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, reply.Status);
        if (pence is not null) Assert.Equal(pence, Assert.Single(await caller.InDbAsync(db => Task.FromResult(db.UsageEvents.Select(usage => usage.CostPence).ToList()))));
    }

    [Fact]
    public async Task A_text_of_ten_megabytes_is_a_wrong_field_and_no_more()
    {
        using var caller = await api.CallerAsync();
        var reply = (await caller.StoreAsync(ApiCaller.Session("E1", more: [("kind", new string('x', 10_000_000))]))).Refused(HttpStatusCode.UnprocessableEntity);
        Assert.Equal([(0, "E1", "kind")], reply.Errors);
        Assert.True(reply.Text.Length < 1000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_16_megabytes_is_413_whether_or_not_it_says_so_first(bool announced)
    {
        using var caller = await api.CallerAsync();
        var body = Encoding.ASCII.GetBytes($"[{new string(' ', 16 * 1024 * 1024)}]");
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiCaller.Events) { Content = new StreamContent(new MemoryStream(body)) };
        request.Content.Headers.ContentType = new("application/json");
        if (!announced) (request.Headers.TransferEncodingChunked, request.Content.Headers.ContentLength) = (true, null);
        (await caller.SendAsync(request)).Refused(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/csv")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonp")]
    [InlineData("rubbish")]
    [InlineData(null)]
    public async Task What_is_not_JSON_by_its_header_is_415(string? contentType)
    {
        using var caller = await api.CallerAsync();
        (await caller.PostAsync(Encoding.UTF8.GetBytes(Start + "25}]"), contentType: contentType)).Refused(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(0, await caller.CountAsync());
    }

    [Fact]
    public async Task A_compressed_body_is_415()
    {
        using var caller = await api.CallerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiCaller.Events) { Content = new StringContent(Start + "25}]", Encoding.UTF8, "application/json") };
        request.Content.Headers.ContentEncoding.Add("gzip");
        (await caller.SendAsync(request)).Refused(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Fields_may_stand_in_any_order_and_be_null()
    {
        using var caller = await api.CallerAsync();
        var turned = new JsonObject([.. ApiCaller.TopUp("E1").Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))]) { ["client_id"] = null, ["cost_gbp"] = null };
        Assert.Equal((1, 0), (await caller.StoreAsync(turned)).Counts);
    }

    [Theory]
    [InlineData("PUT", "/api/v1/usage-events", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/api/v1/usage-events", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PATCH", "/api/v1/usage-report", HttpStatusCode.MethodNotAllowed)]
    [InlineData("TRACE", "/api/v1/usage-report", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/api/v1/usage-report", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/v1/usage", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v2/usage-events", HttpStatusCode.NotFound)]
    public async Task Other_methods_and_addresses_are_answered_in_JSON(string method, string path, HttpStatusCode status)
    {
        using var caller = await api.CallerAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("text/html");
        (await caller.SendAsync(request)).Refused(status);
        using var stranger = new ApiCaller(api.Site, caller.Subscription, null);
        using var again = new HttpRequestMessage(new HttpMethod(method), path);
        (await stranger.SendAsync(again)).Refused(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_header_does_not_change_the_method()
    {
        using var caller = await api.CallerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiCaller.Events) { Headers = { { "X-HTTP-Method-Override", "POST" } } };
        (await caller.SendAsync(request)).Refused(HttpStatusCode.Forbidden);
    }
}
