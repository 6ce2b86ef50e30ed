using System.Net;
using CreditUsage.Data;
using CreditUsage.Features.Corrections;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageEvents;

/// <summary>The feed of what was received since a place: each event and correction once, in the order of receipt.</summary>
[Collection(ApiCollection.Name)]
public sealed class UsageChangesTests(ApiSite api)
{
    private const string Feed = "/api/v1/usage-changes";

    [Fact]
    public async Task What_was_received_since_a_place_comes_once_and_in_the_order_of_receipt()
    {
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        var nothing = await NextAsync(reader, null);
        Assert.Equal("", nothing.Ids);

        await writer.StoreAsync(ApiCaller.Session("B", "2026-10-09T10:00:00Z"), ApiCaller.Session("A", "2026-11-01T10:00:00Z"));
        await writer.StoreAsync(ApiCaller.Session("C", "2026-01-05T10:00:00Z"));
        await writer.StoreAsync(ApiCaller.Session("C", "2026-01-05T10:00:00Z"));
        var first = await NextAsync(reader, nothing.Next);
        await api.Site.InAsync(writer.Subscription, services => services.GetRequiredService<CorrectUsage>().ReverseAsync("A", "Never was", CancellationToken.None));
        await api.Site.ImportRowsAsync(writer.Subscription, CsvRow.Session("D", "2026-10-01T09:00:00Z"));
        var second = await NextAsync(reader, first.Next);

        Assert.Equal(("B A C", ""), (first.Ids, (await NextAsync(reader, second.Next)).Ids));
        Assert.Matches("^[^ ]+ D$", second.Ids);
        Assert.Equal("A", second.Reply.Json.GetProperty("events")[0].GetProperty("corrects").GetString());
        Assert.Equal($"B A C {second.Ids}", (await NextAsync(reader, null)).Ids);
    }

    [Fact]
    public async Task An_import_that_began_before_what_is_read_and_ended_after_is_not_missed()
    {
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        await writer.StoreAsync(ApiCaller.Session("H1"));
        // As an import leaves it between its first event and its last: hidden.
        var hidden = await SetAsync(writer.Subscription, null, 9_000_000);
        await writer.StoreAsync(ApiCaller.Session("A1"));
        var before = await NextAsync(reader, null);
        Assert.Equal("A1", before.Ids);

        await SetAsync(writer.Subscription, hidden, null);

        Assert.Equal("H1", (await NextAsync(reader, before.Next)).Ids);
    }

    [Fact]
    public async Task More_than_a_page_is_given_page_by_page_and_a_wrong_place_is_refused()
    {
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        await writer.StoreAsync([.. Enumerable.Range(0, 700).Select(number => ApiCaller.Session($"M{number:0000}"))]);
        await writer.StoreAsync([.. Enumerable.Range(700, 700).Select(number => ApiCaller.Session($"M{number:0000}"))]);

        var page = await NextAsync(reader, null);
        var rest = await NextAsync(reader, page.Next);

        Assert.Equal((true, 1000, false, 400), (page.Reply.Json.GetProperty("more").GetBoolean(), page.Ids.Split(' ').Length, rest.Reply.Json.GetProperty("more").GetBoolean(), rest.Ids.Split(' ').Length));
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 1400).Select(number => $"M{number:0000}")), $"{page.Ids} {rest.Ids}");
        foreach (var wrong in new[] { "x", "MQ", "LTEuMA", "" }) (await reader.GetAsync($"{Feed}?after={wrong}")).Refused(HttpStatusCode.UnprocessableEntity);
    }

    private static async Task<(string Ids, string Next, ApiReply Reply)> NextAsync(ApiCaller reader, string? after)
    {
        var reply = await reader.GetAsync(after is null ? Feed : $"{Feed}?after={after}");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return (string.Join(' ', reply.Json.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("event_id").GetString())), reply.Json.GetProperty("next").GetString()!, reply);
    }

    /// <returns>The intake that was changed: the only one where none is named.</returns>
    private Task<int> SetAsync(int subscription, int? intake, long? block) => api.Site.InAsync(subscription, async services =>
    {
        var row = await services.GetRequiredService<CreditUsageDb>().UsageIntakes.SingleAsync(one => intake == null || one.Id == intake);
        row.HiddenBlock = block;
        await services.GetRequiredService<CreditUsageDb>().SaveChangesAsync();
        return row.Id;
    });
}
