using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditUsage.Data;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>The clock stands at 22 November 2026, 12:00 UTC; a clinic of these tests began on 1 January 2026.</summary>
[Collection(ApiCollection.Name)]
public sealed class SchedulesApiTests(ApiSite api)
{
    private const string Schedules = "/api/v1/top-up-schedules";
    private const string Card = "0306158990";

    [Fact]
    public async Task A_schedule_that_is_sent_is_kept_charged_and_given_back_in_the_same_fields()
    {
        using var caller = await api.CallerAsync();
        await api.Site.ChargingAsync(caller.Subscription, new DateOnly(2026, 11, 20));

        var answer = await PostAsync(caller, Schedules, Body().ToJsonString());

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["2026-11-20", "2026-11-21"], await api.Site.DaysAsync(caller.Subscription));
        using var reader = await api.CallerAsync(caller.Subscription, ApiScopes.ReadReports);
        var given = Assert.Single((await reader.GetAsync(Schedules)).Json.GetProperty("schedules").EnumerateArray());
        Assert.Equal(answer.Json.ToString(), given.ToString());
        foreach (var (name, value) in Body()) Assert.Equal(value?.GetValue<string>(), given.GetProperty(name).GetString());
        Assert.Contains("Schedule | Device 0306158990 | New schedule, from 19 November 2026 to 31 December 2026, no client", await api.Site.AuditAsync(caller.Subscription));
        Assert.StartsWith("key Meter", (await api.Site.SchedulesAsync(caller.Subscription))[0].RecordedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_last_day_it_goes_on_and_names_that_are_known_need_not_be_sent()
    {
        using var caller = await api.CallerAsync();
        await api.Site.ImportRowsAsync(caller.Subscription, CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Ann Client"));
        var (staff, client) = await api.Site.InAsync(caller.Subscription, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            return (await db.StaffMembers.SingleAsync(), await db.Clients.SingleAsync());
        });
        var body = Body();
        body.Remove("last_day");
        (body["client_id"], body["staff_id"], body["staff_name"]) = (client.ClientId, staff.StaffId, "");

        var answer = await PostAsync(caller, Schedules, body.ToJsonString());

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal((client.Name, staff.Name, JsonValueKind.Null), (answer.Json.GetProperty("client_name").GetString(), answer.Json.GetProperty("staff_name").GetString(), answer.Json.GetProperty("last_day").ValueKind));
        Assert.False((await api.Site.SchedulesAsync(caller.Subscription))[0].HasLastDay);
        var id = answer.Json.GetProperty("id").GetInt32();
        Assert.Equal("2026-12-01", (await PostAsync(caller, $"{Schedules}/{id}/end", """{"last_day":"2026-12-01"}""")).Json.GetProperty("last_day").GetString());
    }

    [Fact]
    public async Task What_is_wrong_is_said_field_by_field_and_nothing_is_kept()
    {
        using var caller = await api.CallerAsync();
        var body = Body();
        (body["device_id"], body["client_id"], body["last_day"]) = ("12", "C1", "2026-11-18");

        var answer = (await PostAsync(caller, Schedules, body.ToJsonString())).Refused(HttpStatusCode.UnprocessableEntity);

        Assert.Equal(["device_id", "client_name", "last_day"], answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
        Assert.Empty(await api.Site.SchedulesAsync(caller.Subscription));
    }

    [Fact]
    public async Task The_same_schedule_again_overlaps_itself_and_changes_nothing()
    {
        using var caller = await api.CallerAsync();
        await PostAsync(caller, Schedules, Body().ToJsonString());
        (await PostAsync(caller, Schedules, Body().ToJsonString())).Refused(HttpStatusCode.UnprocessableEntity);
        Assert.Single(await api.Site.SchedulesAsync(caller.Subscription));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"device_id":1}""")]
    [InlineData("""{"id":7,"device_id":"0306158990","program":"Sleep","staff_id":"S1","staff_name":"Sam","first_day":"2026-11-19","last_day":"2026-12-31"}""")]
    [InlineData("""{"device_id":"0306158990","device_id":"0306158990","program":"Sleep","staff_id":"S1","staff_name":"Sam","first_day":"2026-11-19","last_day":"2026-12-31"}""")]
    [InlineData("""{"device_id":null,"program":"Sleep","staff_id":"S1","staff_name":"Sam","first_day":"2026-11-19","last_day":"2026-12-31"}""")]
    public async Task A_body_that_is_not_one_schedule_is_refused(string body)
    {
        using var caller = await api.CallerAsync();
        (await PostAsync(caller, Schedules, body)).Refused(HttpStatusCode.BadRequest);
        Assert.Empty(await api.Site.SchedulesAsync(caller.Subscription));
    }

    [Fact]
    public async Task A_body_that_is_too_long_or_not_JSON_is_refused()
    {
        using var caller = await api.CallerAsync();
        (await PostAsync(caller, Schedules, $"{{\"device_id\":\"{new string('1', 70_000)}\"}}")).Refused(HttpStatusCode.RequestEntityTooLarge);
        (await PostAsync(caller, Schedules, Body().ToJsonString(), "text/plain")).Refused(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_schedule_is_ended_by_its_id_and_only_in_its_own_subscription()
    {
        using var caller = await api.CallerAsync();
        var id = (await PostAsync(caller, Schedules, Body().ToJsonString())).Json.GetProperty("id").GetInt32();
        using var other = await api.CallerAsync();

        (await PostAsync(other, $"{Schedules}/{id}/end", """{"last_day":"2026-12-01"}""")).Refused(HttpStatusCode.NotFound);
        (await PostAsync(caller, $"{Schedules}/{id}/end", """{"last_day":"2027-01-01"}""")).Refused(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(caller, $"{Schedules}/{id}/end", """{"last_day":"1 December"}""")).Refused(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(caller, $"{Schedules}/x/end", """{"last_day":"2026-12-01"}""")).Refused(HttpStatusCode.BadRequest);
        var ended = await PostAsync(caller, $"{Schedules}/{id}/end", """{"last_day":"2026-12-01"}""");

        Assert.Equal((HttpStatusCode.OK, "2026-12-01"), (ended.Status, ended.Json.GetProperty("last_day").GetString()));
        Assert.Equal(new DateOnly(2026, 12, 1), Assert.Single(await api.Site.SchedulesAsync(caller.Subscription)).LastDay);
    }

    [Fact]
    public async Task A_key_of_the_other_scope_may_not()
    {
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(ApiScopes.ReadReports);
        (await writer.GetAsync(Schedules)).Refused(HttpStatusCode.Forbidden);
        (await PostAsync(reader, Schedules, Body().ToJsonString())).Refused(HttpStatusCode.Forbidden);
        (await PostAsync(reader, $"{Schedules}/1/end", """{"last_day":"2026-12-01"}""")).Refused(HttpStatusCode.Forbidden);
    }

    private static JsonObject Body() => (JsonObject)JsonNode.Parse($$"""
        {"device_id":"{{Card}}","program":"Sleep","client_id":null,"client_name":null,"identity_note":"Front desk","staff_id":"S1","staff_name":"Sam Staff","first_day":"2026-11-19","last_day":"2026-12-31"}
        """)!;

    private static async Task<ApiReply> PostAsync(ApiCaller caller, string path, string body, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        return await caller.SendAsync(request);
    }
}
