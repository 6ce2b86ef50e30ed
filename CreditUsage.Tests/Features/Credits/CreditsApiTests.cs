using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>Prices, balance, statement and ledger by the API, and purchases that are posted. The clock stands at 22 November 2026, 12:00 UTC.</summary>
[Collection(ApiCollection.Name)]
public sealed class CreditsApiTests(ApiSite api)
{
    private const string Purchases = "/api/v1/purchases";

    [Fact]
    public async Task A_purchase_is_recorded_once_however_often_it_is_sent_and_stands_in_ledger_statement_and_balance()
    {
        using var writer = await api.CallerAsync(ApiScopes.WriteCredits);
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(writer, Body())));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.Created), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Single(replies.Select(reply => reply.Json.GetProperty("id").GetInt64()).Distinct());
        var entry = Assert.Single((await reader.GetAsync("/api/v1/ledger-entries")).Json.GetProperty("entries").EnumerateArray());
        Assert.Equal(("purchase", "2026-10-05", 200, 100, 54_000L, 9_000L, "INV-1"), (
            entry.GetProperty("kind").GetString(), entry.GetProperty("day").GetString(), entry.GetProperty("credits").GetInt32(), entry.GetProperty("pack_size").GetInt32(), entry.GetProperty("paid_pence").GetInt64(),
            entry.GetProperty("vat_pence").GetInt64(), entry.GetProperty("invoice_number").GetString()));
        using var meter = await api.CallerAsync(writer.Subscription);
        (await PostAsync(meter, Body())).Refused(HttpStatusCode.Forbidden);
        await meter.StoreAsync(ApiCaller.Session("E1", "2026-10-20T10:00:00Z"));
        var balance = (await reader.GetAsync("/api/v1/balance")).Json;
        Assert.Equal((195L, 0L, "2026-11-22T12:00:00+00:00"), (balance.GetProperty("available").GetInt64(), balance.GetProperty("allocated").GetInt64(), balance.GetProperty("as_at").GetString()));
        var statement = (await reader.GetAsync("/api/v1/statement?month=2026-10")).Json;
        Assert.Equal((0L, 195L, "service"), (statement.GetProperty("opening").GetInt64(), statement.GetProperty("closing").GetInt64(), statement.GetProperty("basis").GetString()));
        Assert.Equal(["2026-10-05 200 200", "2026-10-20 -5 195"], statement.GetProperty("rows").EnumerateArray().Select(row => $"{row.GetProperty("day").GetString()} {row.GetProperty("credits").GetInt64()} {row.GetProperty("balance").GetInt64()}"));
        Assert.Equal("posting", (await reader.GetAsync("/api/v1/statement?month=2026-10&basis=posting")).Json.GetProperty("basis").GetString());
    }

    [Theory]
    [InlineData("day", "2027-01-01", "day")]
    [InlineData("packs", 0, "packs")]
    [InlineData("paid_gbp", "1.234", "paid_gbp")]
    [InlineData("vat_gbp", "541.00", "vat_gbp")]
    [InlineData("invoice_number", " ", "invoice_number")]
    public async Task What_is_wrong_is_said_and_nothing_is_recorded(string field, object value, string named)
    {
        using var writer = await api.CallerAsync(ApiScopes.WriteCredits);
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        var body = Body();
        body[field] = JsonValue.Create(value);
        var reply = (await PostAsync(writer, body)).Refused(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(named, reply.Json.GetProperty("field").GetString());
        Assert.Empty((await reader.GetAsync("/api/v1/ledger-entries")).Json.GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Another_purchase_of_the_same_invoice_is_a_conflict_and_what_cannot_be_read_is_refused()
    {
        using var writer = await api.CallerAsync(ApiScopes.WriteCredits);
        await PostAsync(writer, Body());
        var other = Body();
        other["packs"] = 3;
        (await PostAsync(writer, other)).Refused(HttpStatusCode.Conflict);
        var unknown = Body();
        unknown["discount"] = 1;
        (await PostAsync(writer, unknown)).Refused(HttpStatusCode.BadRequest);
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        (await PostAsync(reader, Body())).Refused(HttpStatusCode.Forbidden);
        foreach (var path in new[] { "/api/v1/balance", "/api/v1/ledger-entries", "/api/v1/credit-prices", "/api/v1/statement?month=2026-10", "/api/v1/months", "/api/v1/saved-reports?month=2026-10", "/api/v1/usage-events/E1" })
            (await writer.GetAsync(path)).Refused(HttpStatusCode.Forbidden);
        foreach (var path in new[] { "/api/v1/statement", "/api/v1/statement?month=2027-10", "/api/v1/statement?month=2026-10&basis=x", "/api/v1/ledger-entries?after=x", "/api/v1/saved-reports" })
            (await reader.GetAsync(path)).Refused(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task The_price_list_is_exact_and_another_clinics_is_not_seen()
    {
        using var reader = await api.CallerAsync(ApiScopes.ReadReports);
        using var other = await api.CallerAsync(ApiScopes.ReadReports);
        await api.Site.PriceAsync(reader.Subscription, new DateOnly(2026, 1, 1), 450_000);
        await api.Site.PriceAsync(reader.Subscription, new DateOnly(2026, 9, 15), 525_001);
        Assert.Equal(["2026-01-01 0.45", "2026-09-15 0.525001"], (await reader.GetAsync("/api/v1/credit-prices")).Json.GetProperty("prices").EnumerateArray().Select(price => $"{price.GetProperty("valid_from").GetString()} {price.GetProperty("price_gbp").GetString()}"));
        Assert.Empty((await other.GetAsync("/api/v1/credit-prices")).Json.GetProperty("prices").EnumerateArray());
    }

    private static JsonObject Body() => new() { ["day"] = "2026-10-05", ["packs"] = 2, ["pack_size"] = 100, ["paid_gbp"] = "540.00", ["vat_gbp"] = "90.00", ["invoice_number"] = "INV-1" };

    private static Task<ApiReply> PostAsync(ApiCaller caller, JsonObject body) => SendAsync(caller, body.ToJsonString());

    private static async Task<ApiReply> SendAsync(ApiCaller caller, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Purchases) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await caller.SendAsync(request);
    }
}
