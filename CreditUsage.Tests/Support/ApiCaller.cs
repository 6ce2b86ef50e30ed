using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Support;

/// <summary>A program that calls the API with a key.</summary>
public sealed class ApiCaller : IDisposable
{
    public const string Events = "/api/v1/usage-events";

    private readonly Site _site;

    /// <param name="from">One of the loopback's own addresses, where it matters which.</param>
    public ApiCaller(Site site, int subscription, string? key, IPAddress? from = null)
    {
        ArgumentNullException.ThrowIfNull(site);
        (_site, Subscription, Key) = (site, subscription, key);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (from is not null) handler.ConnectCallback = async (context, cancellation) => await Visitor.ConnectAsync(from, context.DnsEndPoint, cancellation);
        Http = new HttpClient(handler) { BaseAddress = site.ClientOptions.BaseAddress, Timeout = TimeSpan.FromMinutes(10) };
        if (key is not null) Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public HttpClient Http { get; }

    public int Subscription { get; }

    public string? Key { get; }

    /// <summary>A session as a JSON object, with further members that replace or add.</summary>
    public static JsonObject Session(string id, string at = "2026-10-01T09:30:00Z", params (string Name, JsonNode? Value)[] more)
    {
        var session = (JsonObject)JsonNode.Parse("""
            {"kind":"connected-session","staff_id":"S1","staff_name":"Sam Staff","client_id":"C1","client_name":"Ann Client","program":"Sleep","duration_minutes":25}
            """)!;
        (session["event_id"], session["occurred_at"]) = (id, at);
        foreach (var (name, value) in more) session[name] = value;
        return session;
    }

    public static JsonObject TopUp(string id, string day = "2026-10-01", string device = "1000000001")
    {
        var topUp = (JsonObject)JsonNode.Parse("""{"kind":"daily-top-up","staff_id":"S1","staff_name":"Sam Staff","program":"Sleep","identity_note":"Front desk"}""")!;
        (topUp["event_id"], topUp["occurred_at"], topUp["device_id"]) = (id, day, device);
        return topUp;
    }

    public Task<ApiReply> StoreAsync(params JsonObject[] events) => PostAsync(new JsonArray([.. events.Select(usage => usage.DeepClone())]).ToJsonString());

    public Task<ApiReply> PostAsync(string body, string? idempotencyKey = null, string contentType = "application/json") =>
        PostAsync(Encoding.UTF8.GetBytes(body), idempotencyKey, contentType);

    public async Task<ApiReply> PostAsync(byte[] body, string? idempotencyKey = null, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Events) { Content = new ByteArrayContent(body) };
        if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return await SendAsync(request);
    }

    public async Task<ApiReply> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request);
    }

    public async Task<ApiReply> SendAsync(HttpRequestMessage request)
    {
        using var answer = await Http.SendAsync(request);
        return new ApiReply(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType, answer.Headers);
    }

    /// <summary>Events that the subscription has.</summary>
    public Task<int> CountAsync() => InDbAsync(db => db.UsageEvents.CountAsync());

    public Task<T> InDbAsync<T>(Func<CreditUsageDb, Task<T>> look) => _site.InAsync(Subscription, services => look(services.GetRequiredService<CreditUsageDb>()));

    public void Dispose() => Http.Dispose();
}

/// <summary>What the API answered.</summary>
public sealed record ApiReply(HttpStatusCode Status, string Text, string? MediaType, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>Accepted and duplicates.</summary>
    public (int Accepted, int Duplicates) Counts => (Json.GetProperty("accepted").GetInt32(), Json.GetProperty("duplicates").GetInt32());

    public IReadOnlyList<(int Index, string EventId, string Field)> Errors =>
        [.. Json.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("index").GetInt32(), error.GetProperty("event_id").GetString()!, error.GetProperty("field").GetString()!))];

    /// <summary>Holds a refusal to the form that every refusal has.</summary>
    public ApiReply Refused(HttpStatusCode status)
    {
        Assert.Equal((status, "application/problem+json"), (Status, MediaType));
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
        Assert.Equal("no-store", Headers.CacheControl?.ToString());
        return this;
    }
}
