using System.Net;
using System.Text.Json.Nodes;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.UsageEvents;

/// <summary>Events and totals come back as they were recorded.</summary>
[Collection(ApiCollection.Name)]
public sealed class ReadUsageEventsTests(ApiSite api)
{
    private const string October = "/api/v1/usage-events?month=2026-10";

    private static readonly string[] Extra = ["report_month", "posted_at", "received_at"];

    [Fact]
    public async Task The_real_input_comes_back_month_by_month_and_adds_up_to_its_totals()
    {
        var clinic = await api.Site.SubscriptionAsync("Real", new DateOnly(2024, 8, 1));
        await api.Site.ImportAsync(clinic, SharedData.Usage);
        using var reader = await api.CallerAsync(clinic, ApiScopes.ReadReports);
        foreach (var month in SharedData.Totals("usage-totals.csv").GroupBy(total => total.Month))
        {
            var events = await MonthAsync(reader, month.Key);
            foreach (var kind in month)
            {
                var found = events.Where(usage => usage["kind"]!.GetValue<string>() == kind.Kind).ToList();
                Assert.Equal((kind.Events, kind.Credits, kind.CostPence), (found.Count, found.Sum(usage => usage["credits"]!.GetValue<long>()), found.Sum(Pence)));
            }
            await TotalsAreAsync(reader, month.Key, [.. month]);
        }
    }

    [Fact]
    public async Task What_comes_back_can_be_sent_again_and_changes_nothing()
    {
        var clinic = await api.Site.SubscriptionAsync("Awkward", new DateOnly(2026, 6, 1));
        await api.Site.ImportAsync(clinic, SharedData.Awkward);
        using var reader = await api.CallerAsync(clinic, ApiScopes.ReadReports);
        using var writer = await api.CallerAsync(clinic);
        var events = await MonthAsync(reader, "2026-09");
        foreach (var usage in events)
            foreach (var name in Extra) usage.Remove(name);

        var reply = await writer.StoreAsync([.. events]);

        Assert.Equal((HttpStatusCode.OK, (0, SharedData.Totals("usage-awkward-totals.csv").Where(total => total.Month == "2026-09").Sum(total => total.Events))), (reply.Status, reply.Counts));
        Assert.Equal(UsageInput.Fields, events[0].Select(member => member.Key));
    }

    [Fact]
    public async Task A_page_is_a_thousand_and_the_cursor_holds_while_others_write()
    {
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        await writer.StoreAsync([.. Enumerable.Range(1, 1500).Select(number => ApiCaller.Session($"E{number}", "2026-10-20T10:00:00Z"))]);

        var first = (await reader.GetAsync(October)).Json;
        // Earlier by its date, later by its recording.
        await writer.StoreAsync(ApiCaller.Session("Between", "2026-10-01T10:00:00Z"), ApiCaller.Session("Elsewhere", "2026-09-01T10:00:00Z"));
        var second = (await reader.GetAsync($"{October}&after={first.GetProperty("next").GetString()}")).Json;

        var ids = first.GetProperty("events").EnumerateArray().Concat(second.GetProperty("events").EnumerateArray()).Select(usage => usage.GetProperty("event_id").GetString()!).ToList();
        Assert.Equal([.. Enumerable.Range(1, 1500).Select(number => $"E{number}"), "Between"], ids);
        Assert.Equal((1000, System.Text.Json.JsonValueKind.Null), (first.GetProperty("events").GetArrayLength(), second.GetProperty("next").ValueKind));
    }

    [Fact]
    public async Task An_event_says_when_it_was_posted_and_a_correction_what_it_corrects()
    {
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        await writer.StoreAsync(ApiCaller.TopUp("E1", "2026-10-31"));
        await ReverseAsync(writer, "E1", "Card was lost");

        var events = (await reader.GetAsync(October)).Json.GetProperty("events");

        Assert.Equal(("2026-10", "2026-11-01T00:00:00Z", false), (events[0].GetProperty("report_month").GetString(), events[0].GetProperty("posted_at").GetString(), events[0].TryGetProperty("corrects", out _)));
        Assert.Equal(("E1", "reversal", "Card was lost", -1), (events[1].GetProperty("corrects").GetString(), events[1].GetProperty("correction").GetString(), events[1].GetProperty("reason").GetString(), events[1].GetProperty("credits").GetInt32()));
    }

    [Theory]
    [InlineData("/api/v1/usage-events")]
    [InlineData("/api/v1/usage-events?month=")]
    [InlineData("/api/v1/usage-events?month=October")]
    [InlineData("/api/v1/usage-events?month=2026-13")]
    [InlineData("/api/v1/usage-events?month=2025-12")]
    [InlineData("/api/v1/usage-events?month=2026-12")]
    [InlineData(October + "&after=")]
    [InlineData(October + "&after=17")]
    [InlineData(October + "&after=%00%ff")]
    [InlineData(October + "&after=MjQzMjAuMQ")]
    [InlineData("/api/v1/usage-report")]
    [InlineData("/api/v1/usage-report?month=2026-1")]
    [InlineData("/api/v1/usage-report?month=9999-12")]
    public async Task A_month_or_cursor_that_there_is_none_of_is_422(string path)
    {
        using var reader = await api.CallerAsync(ApiScopes.ReadReports);
        Assert.Contains((await reader.GetAsync(path)).Refused(HttpStatusCode.UnprocessableEntity).Json.GetProperty("field").GetString(), new[] { "month", "after" });
    }

    [Fact]
    public async Task A_cursor_of_another_month_is_422()
    {
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        await writer.StoreAsync([.. Enumerable.Range(1, 1001).Select(number => ApiCaller.Session($"E{number}"))]);
        var next = (await reader.GetAsync(October)).Json.GetProperty("next").GetString();
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync($"{October}&after={next}")).Status);
        (await reader.GetAsync($"/api/v1/usage-events?month=2026-09&after={next}")).Refused(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_month_without_usage_is_empty_and_adds_up_to_nothing()
    {
        using var reader = await api.CallerAsync(ApiScopes.ReadReports);
        Assert.Equal("""{"month":"2026-10","events":[],"next":null}""", (await reader.GetAsync(October)).Text);
        var totals = (await reader.GetAsync("/api/v1/usage-report?month=2026-11")).Json;
        Assert.Equal(("Clinic", "2026-11", "In progress", "GBP"), (totals.GetProperty("subscription").GetString(), totals.GetProperty("month").GetString(), totals.GetProperty("state").GetString(), totals.GetProperty("currency").GetString()));
        Assert.Equal("""{"events":0,"minutes":0,"deviceDays":0,"credits":0,"costPence":0}""", totals.GetProperty("totals").GetProperty("all").GetRawText());
    }

    private static async Task<List<JsonObject>> MonthAsync(ApiCaller reader, string month)
    {
        var (events, next) = (new List<JsonObject>(), (string?)null);
        do
        {
            var page = JsonNode.Parse((await reader.GetAsync($"/api/v1/usage-events?month={month}{(next is null ? "" : $"&after={next}")}")).Text)!;
            events.AddRange(page["events"]!.AsArray().Select(usage => usage!.AsObject()));
            next = page["next"]?.GetValue<string>();
        }
        while (next is not null);
        return events;
    }

    private static async Task TotalsAreAsync(ApiCaller reader, string month, IReadOnlyList<ExpectedTotal> expected)
    {
        var reply = (await reader.GetAsync($"/api/v1/usage-report?month={month}")).Json.GetProperty("totals");
        foreach (var (name, parts) in new[] { ("sessions", expected.Where(total => total.Kind == "connected-session")), ("topUps", expected.Where(total => total.Kind == "daily-top-up")), ("all", expected) })
        {
            var total = reply.GetProperty(name);
            Assert.Equal(
                (parts.Sum(part => part.Events), parts.Sum(part => part.Credits), parts.Sum(part => part.CostPence)),
                (total.GetProperty("events").GetInt32(), total.GetProperty("credits").GetInt64(), total.GetProperty("costPence").GetInt64()));
        }
    }

    private static long Pence(JsonObject usage) => (long)(decimal.Parse(usage["cost_gbp"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) * 100);

    private static Task ReverseAsync(ApiCaller writer, string eventId, string reason) => writer.InDbAsync(async db =>
    {
        var original = await db.UsageEvents.AsNoTracking().SingleAsync(usage => usage.EventId == eventId);
        db.Add(new UsageEvent
        {
            SubscriptionId = original.SubscriptionId,
            EventId = eventId + "-reversed",
            Kind = original.Kind,
            ServiceDate = original.ServiceDate,
            OccurredAt = original.OccurredAt,
            ReportMonth = original.ReportMonth,
            PostedAt = original.PostedAt,
            IntakeId = original.IntakeId,
            StaffMemberId = original.StaffMemberId,
            ProgramId = original.ProgramId,
            TopUpDeviceId = original.TopUpDeviceId,
            Credits = -original.Credits,
            Correction = CorrectionKind.Reversal,
            CorrectsId = original.Id,
            Reason = reason,
        });
        return await db.SaveChangesAsync();
    });
}
