using System.Net;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Tests.Features.UsageEvents;

/// <summary>Events of a call are stored all or nothing, each once.</summary>
[Collection(ApiCollection.Name)]
public sealed class StoreUsageEventsTests(ApiSite api)
{
    [Fact]
    public async Task What_is_sent_is_stored_once_as_the_rules_compute_it()
    {
        using var caller = await api.CallerAsync();
        await api.Site.PriceAsync(caller.Subscription, new DateOnly(2026, 1, 1), 450_000);

        var reply = await caller.StoreAsync(ApiCaller.Session("E1"), ApiCaller.TopUp("E2"), ApiCaller.Session("E3", more: [("credits", 7), ("cost_gbp", "9.45")]));

        Assert.Equal((HttpStatusCode.OK, "application/json", "no-store"), (reply.Status, reply.MediaType, reply.Headers.CacheControl?.ToString()));
        Assert.Equal((3, 0), reply.Counts);
        var stored = await caller.InDbAsync(db => db.UsageEvents.OrderBy(usage => usage.EventId).Select(usage => new { usage.Kind, usage.Credits, usage.CostPence }).ToListAsync());
        // 25 minutes are 5 credits, of 45 pence each; a top-up is 1.
        Assert.Equal([(UsageKind.ConnectedSession, 5, 225L), (UsageKind.DailyTopUp, 1, 45L), (UsageKind.ConnectedSession, 7, 945L)], stored.Select(usage => (usage.Kind, usage.Credits, usage.CostPence!.Value)));
    }

    [Fact]
    public async Task A_whole_number_that_is_written_as_a_decimal_is_that_number()
    {
        using var caller = await api.CallerAsync();

        var reply = await caller.StoreAsync(ApiCaller.Session("E1", more: [("duration_minutes", 25.0m), ("credits", 7.000m)]), ApiCaller.Session("E2", "2026-10-01t09:30:00z"));
        var refused = await caller.StoreAsync(ApiCaller.Session("E3", more: [("duration_minutes", 25.5m)]));

        Assert.Equal((2, 0), reply.Counts);
        Assert.Equal([(25, 7), (25, 5)], (await caller.InDbAsync(db => db.UsageEvents.OrderBy(usage => usage.EventId).Select(usage => new { usage.DurationMinutes, usage.Credits }).ToListAsync())).Select(usage => (usage.DurationMinutes!.Value, usage.Credits)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
    }

    [Fact]
    public async Task The_call_is_an_intake_of_its_key_and_one_entry_of_the_audit()
    {
        using var caller = await api.CallerAsync();
        await caller.StoreAsync(ApiCaller.Session("E1"));
        await caller.StoreAsync(ApiCaller.Session("E1"), ApiCaller.Session("E2"));

        var intakes = await caller.InDbAsync(db => db.UsageIntakes.OrderBy(intake => intake.Id).ToListAsync());
        Assert.Equal([(UsageSource.Api, 1, 0), (UsageSource.Api, 1, 1)], intakes.Select(intake => (intake.Source, intake.Accepted, intake.Duplicates)));
        Assert.All(intakes, intake => Assert.StartsWith("key Meter ", intake.RecordedBy, StringComparison.Ordinal));
        var entries = await caller.InDbAsync(db => db.AuditEntries.Where(entry => entry.Action == AuditAction.ApiIngest).OrderBy(entry => entry.Sequence).ToListAsync());
        Assert.Equal([("Usage events", "1 accepted, 0 duplicates"), ("Usage events", "1 accepted, 1 duplicates")], entries.Select(entry => (entry.Subject, entry.Detail)));
        Assert.Equal(intakes.Select(intake => intake.RecordedBy), entries.Select(entry => entry.Actor));
        Assert.Null((await caller.InDbAsync(db => AuditChain.CheckAsync(db, CancellationToken.None))).FirstBroken);
    }

    [Fact]
    public async Task The_same_events_again_are_duplicates_and_leave_nothing_behind()
    {
        using var caller = await api.CallerAsync();
        await caller.StoreAsync(ApiCaller.Session("E1"), ApiCaller.TopUp("E2"));
        var before = await caller.InDbAsync(db => db.UsageIntakes.CountAsync());

        var again = await caller.StoreAsync(ApiCaller.Session("E1"), ApiCaller.TopUp("E2"));

        Assert.Equal((HttpStatusCode.OK, (0, 2)), (again.Status, again.Counts));
        Assert.Equal((2, before), (await caller.CountAsync(), await caller.InDbAsync(db => db.UsageIntakes.CountAsync())));
        Assert.Single(await caller.InDbAsync(db => db.AuditEntries.Where(entry => entry.Action == AuditAction.ApiIngest).ToListAsync()));
    }

    [Fact]
    public async Task A_known_event_with_other_content_is_a_conflict_and_nothing_of_the_call_is_stored()
    {
        using var caller = await api.CallerAsync();
        await caller.StoreAsync(ApiCaller.Session("E1"));

        var reply = await caller.StoreAsync(ApiCaller.Session("E0"), ApiCaller.Session("E1", more: [("duration_minutes", 26)]));

        Assert.Equal([(1, "E1", "duration_minutes")], reply.Refused(HttpStatusCode.Conflict).Errors);
        Assert.Equal((1, 1), (reply.Json.GetProperty("error_count").GetInt32(), await caller.CountAsync()));
    }

    [Fact]
    public async Task A_second_top_up_of_a_device_and_day_is_a_conflict()
    {
        using var caller = await api.CallerAsync();
        await caller.StoreAsync(ApiCaller.TopUp("E1"));
        Assert.Equal([(0, "E2", "device_id")], (await caller.StoreAsync(ApiCaller.TopUp("E2"))).Refused(HttpStatusCode.Conflict).Errors);
        Assert.Equal(1, await caller.CountAsync());
    }

    [Fact]
    public async Task An_id_twice_in_one_call_is_a_duplicate_or_a_conflict_by_its_content()
    {
        using var caller = await api.CallerAsync();
        Assert.Equal((1, 1), (await caller.StoreAsync(ApiCaller.Session("E1"), ApiCaller.Session("E1"))).Counts);
        Assert.Equal([(1, "E2", "program")], (await caller.StoreAsync(ApiCaller.Session("E2"), ApiCaller.Session("E2", more: [("program", "Pain")]))).Refused(HttpStatusCode.Conflict).Errors);
        Assert.Equal(1, await caller.CountAsync());
    }

    [Fact]
    public async Task Everything_wrong_with_a_call_is_listed_up_to_a_thousand_and_nothing_is_stored()
    {
        using var caller = await api.CallerAsync();
        var bad = Enumerable.Range(1, 1500).Select(number => ApiCaller.Session($"B{number}", "yesterday", ("staff_name", ""))).ToArray();

        var reply = (await caller.StoreAsync([ApiCaller.Session("Good"), .. bad])).Refused(HttpStatusCode.UnprocessableEntity);

        Assert.Equal((3000, 1000, 0), (reply.Json.GetProperty("error_count").GetInt32(), reply.Errors.Count, await caller.CountAsync()));
        Assert.Equal([(1, "B1", "occurred_at"), (1, "B1", "staff_name"), (2, "B2", "occurred_at")], reply.Errors.Take(3));
        Assert.Contains("such as 2026-10-01T09:30:00Z", reply.Json.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_events_are_taken_and_one_more_is_too_many()
    {
        using var caller = await api.CallerAsync();
        var most = Enumerable.Range(1, 10_000).Select(number => ApiCaller.Session($"E{number}")).ToArray();
        (await caller.StoreAsync([.. most, ApiCaller.Session("E10001")])).Refused(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(0, await caller.CountAsync());
        Assert.Equal((10_000, 0), (await caller.StoreAsync(most)).Counts);
        (await caller.PostAsync("[]")).Refused(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_name_that_another_way_in_has_recorded_since_is_the_same_name()
    {
        using var caller = await api.CallerAsync();
        await caller.StoreAsync(ApiCaller.Session("E1"));
        await api.Site.ImportRowsAsync(caller.Subscription, CsvRow.Session("E2", "2026-10-01T09:30:00Z", program: "Pain", client: "Ann Married"));

        Assert.Equal((1, 0), (await caller.StoreAsync(ApiCaller.Session("E3", more: [("program", "Pain"), ("client_name", "Ann Married")]))).Counts);

        Assert.Equal((2, 2, 1), await caller.InDbAsync(async db => (await db.Programs.CountAsync(), await db.Clients.CountAsync(), await db.StaffMembers.CountAsync())));
    }

    [Fact]
    public async Task A_name_of_a_call_that_was_taken_back_is_recorded_by_the_next()
    {
        using var caller = await api.CallerAsync();
        await caller.StoreAsync(ApiCaller.Session("E1"));
        (await caller.StoreAsync(ApiCaller.Session("E2", more: [("program", "Pain")]), ApiCaller.Session("E1", more: [("program", "Pain")]))).Refused(HttpStatusCode.Conflict);
        await caller.StoreAsync(ApiCaller.Session("E3", more: [("program", "Calm")]));
        await caller.StoreAsync(ApiCaller.Session("E2", more: [("program", "Pain")]));

        var programs = await caller.InDbAsync(db => db.UsageEvents.Join(db.Programs, usage => usage.ProgramId, program => program.Id, (usage, program) => new { usage.EventId, program.Name }).ToListAsync());
        Assert.Equal([("E1", "Sleep"), ("E2", "Pain"), ("E3", "Calm")], programs.OrderBy(usage => usage.EventId).Select(usage => (usage.EventId, usage.Name)));
    }

    [Fact]
    public async Task A_call_reaches_the_subscription_of_its_key_alone()
    {
        using var mine = await api.CallerAsync();
        using var other = await api.CallerAsync();
        await mine.StoreAsync(ApiCaller.Session("E1"));
        Assert.Equal((1, 0), (await other.StoreAsync(ApiCaller.Session("E1", more: [("program", "Pain")]))).Counts);
        Assert.Equal((1, 1), (await mine.CountAsync(), await other.CountAsync()));
    }

    [Fact]
    public async Task What_comes_for_a_closed_month_is_shown_in_the_next_open_one()
    {
        using var caller = await api.CallerAsync();
        await caller.InDbAsync(db => ClosingRows.AddAsync(db, caller.Subscription, new UsageMonth(2026, 9)));
        await caller.StoreAsync(ApiCaller.Session("Late", "2026-09-30T09:00:00Z"));
        Assert.Equal(new UsageMonth(2026, 10), await caller.InDbAsync(db => db.UsageEvents.Select(usage => usage.ReportMonth).SingleAsync()));
    }
}
