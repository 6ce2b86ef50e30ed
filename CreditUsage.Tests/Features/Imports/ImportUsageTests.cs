using CreditUsage.Data;
using CreditUsage.Features.Imports;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Imports;

public sealed class ImportUsageTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task An_overlapping_file_adds_only_what_is_new()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "2026-10-01T10:30:00Z"));

        var result = await site.ImportRowsAsync(clinic, CsvRow.Session("E2", "2026-10-01T10:30:00Z"), CsvRow.Session("E3", "2026-10-01T11:30:00Z"));

        Assert.Equivalent(new ImportResult(1, 1, 0, [], Stored: true), result);
        Assert.Equal(["E1", "E2", "E3"], await EventIdsAsync(clinic));
    }

    [Theory]
    [InlineData("occurred_at", "2026-10-01T09:30:01Z", 25, "", "", "Ann Client", "Sam Staff", "Sleep")]
    [InlineData("duration_minutes", "2026-10-01T09:30:00Z", 24, "", "", "Ann Client", "Sam Staff", "Sleep")]
    [InlineData("credits", "2026-10-01T09:30:00Z", 25, "6", "", "Ann Client", "Sam Staff", "Sleep")]
    [InlineData("cost_gbp", "2026-10-01T09:30:00Z", 25, "", "2.26", "Ann Client", "Sam Staff", "Sleep")]
    [InlineData("client_name", "2026-10-01T09:30:00Z", 25, "", "", "Ann Klient", "Sam Staff", "Sleep")]
    [InlineData("staff_name", "2026-10-01T09:30:00Z", 25, "", "", "Ann Client", "Sam Stuff", "Sleep")]
    [InlineData("program", "2026-10-01T09:30:00Z", 25, "", "", "Ann Client", "Sam Staff", "Sheep")]
    public async Task The_same_id_with_other_content_is_a_conflict_that_names_the_field_and_stores_nothing(
        string field, string at, int minutes, string credits, string cost, string client, string staff, string program)
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", 25, "5", "2.25"));

        var result = await site.ImportRowsAsync(clinic, CsvRow.Session("E0", "2026-10-01T08:30:00Z"), CsvRow.Session("E1", at, minutes, credits, cost, client, staff, program));

        var error = Assert.Single(result.Errors);
        Assert.Equal((3, field, false), (error.Line, error.Field, result.Stored));
        Assert.Contains("E1", error.Message, StringComparison.Ordinal);
        Assert.Equal(["E1"], await EventIdsAsync(clinic));
    }

    [Fact]
    public async Task A_duplicate_that_leaves_credits_and_cost_empty_states_nothing_else()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", 25, "7", "3.33"));
        Assert.Equal(1, (await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"))).Duplicates);
    }

    [Fact]
    public async Task An_id_twice_in_one_file_counts_once_when_the_content_is_the_same_and_conflicts_when_not()
    {
        var clinic = await ClinicAsync();

        var conflict = await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E1", "2026-10-01T09:31:00Z"));
        var same = await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E1", "2026-10-01T09:30:00Z"));

        Assert.Equal((3, "occurred_at"), (Assert.Single(conflict.Errors).Line, conflict.Errors[0].Field));
        Assert.Equivalent(new ImportResult(1, 1, 0, [], Stored: true), same);
    }

    [Fact]
    public async Task A_second_top_up_of_a_device_on_a_day_is_refused_and_names_the_first()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.TopUp("First", "2026-10-01"));

        var result = await site.ImportRowsAsync(clinic, CsvRow.TopUp("Next", "2026-10-02"), CsvRow.TopUp("Second", "2026-10-01", note: "Renamed"));

        var error = Assert.Single(result.Errors);
        Assert.Equal((3, "device_id"), (error.Line, error.Field));
        Assert.Contains("event First", error.Message, StringComparison.Ordinal);
        Assert.Equal(["First"], await EventIdsAsync(clinic));
    }

    [Fact]
    public async Task One_bad_row_among_many_stores_nothing()
    {
        var clinic = await ClinicAsync();
        var rows = Enumerable.Range(1, 999).Select(i => CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z", minutes: i == 777 ? 1441 : 5)).ToArray();

        var result = await site.ImportRowsAsync(clinic, rows);

        Assert.Equal((778, "duration_minutes"), (Assert.Single(result.Errors).Line, result.Errors[0].Field));
        Assert.False(result.Stored);
        Assert.Empty(await EventIdsAsync(clinic));
    }

    [Fact]
    public async Task Faults_are_listed_up_to_a_thousand_and_counted_beyond()
    {
        var rows = Enumerable.Range(1, 1234).Select(i => CsvRow.Session($"E{i}", "yesterday")).ToArray();

        var result = await site.ImportRowsAsync(await ClinicAsync(), rows);

        Assert.Equal((1234, 1000, 0), (result.ErrorCount, result.Errors.Count, result.Accepted));
        Assert.Equal(Enumerable.Range(2, 1000), result.Errors.Select(error => error.Line));
    }

    [Fact]
    public async Task Empty_credits_and_cost_are_computed_by_the_rule_and_the_price_of_the_day()
    {
        var clinic = await ClinicAsync();
        await site.PriceAsync(clinic, new DateOnly(2026, 10, 1), 525_000);
        await site.PriceAsync(clinic, new DateOnly(2026, 10, 3), 600_000);

        await site.ImportRowsAsync(
            clinic,
            CsvRow.Session("Long", "2026-10-02T23:59:59Z", minutes: 26),
            CsvRow.Session("Nothing", "2026-10-02T10:00:00Z", minutes: 0),
            CsvRow.TopUp("TopUp", "2026-10-03"),
            CsvRow.Session("OwnCredits", "2026-10-02T11:00:00Z", minutes: 25, credits: "3"),
            CsvRow.Session("OwnCost", "2026-10-02T12:00:00Z", minutes: 25, cost: "0.01"));

        Assert.Equal(
            new Dictionary<string, (int, long?, long?)>
            {
                ["Long"] = (6, 315, 525_000), // 6 x 52.5
                ["Nothing"] = (1, 53, 525_000), // 52.5, half away from zero
                ["TopUp"] = (1, 60, 600_000),
                ["OwnCredits"] = (3, 158, 525_000), // 157.5
                ["OwnCost"] = (5, 1, null),
            },
            await InAsync(clinic, db => db.UsageEvents.AsNoTracking().ToDictionaryAsync(usage => usage.EventId, usage => (usage.Credits, usage.CostPence, usage.UnitPriceMicros))));
    }

    [Fact]
    public async Task Without_a_price_the_credits_are_kept_and_the_cost_withheld()
    {
        var clinic = await ClinicAsync();
        await site.PriceAsync(clinic, new DateOnly(2026, 10, 2), 525_000);
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T23:59:59Z", minutes: 11));
        var stored = await InAsync(clinic, db => db.UsageEvents.AsNoTracking().SingleAsync());
        Assert.Equal((3, null, null), (stored.Credits, stored.CostPence, stored.UnitPriceMicros));
    }

    [Fact]
    public async Task A_renamed_client_keeps_the_old_name_on_old_events()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("Old", "2026-10-01T09:30:00Z", client: "Miss Maiden"));
        await site.ImportRowsAsync(clinic, CsvRow.Session("New", "2026-10-02T09:30:00Z", client: "Mrs Married"), CsvRow.Session("Late", "2026-10-01T10:30:00Z", client: "Miss Maiden"));

        var names = await InAsync(clinic, db => db.UsageEvents.AsNoTracking().Join(db.Clients, usage => usage.ClientId, client => client.Id, (usage, client) => new { usage.EventId, client.ClientId, client.Name })
            .OrderBy(row => row.EventId).Select(row => row.EventId + " " + row.ClientId + " " + row.Name).ToListAsync());

        Assert.Equal(["Late C1 Miss Maiden", "New C1 Mrs Married", "Old C1 Miss Maiden"], names);
    }

    [Fact]
    public async Task A_dry_run_checks_everything_and_stores_nothing()
    {
        var clinic = await ClinicAsync();
        var result = await site.ImportTextAsync(clinic, CsvText.Of(CsvRow.Session("E1", "2026-10-01T09:30:00Z")), dryRun: true);
        Assert.Equal((1, 0, 0, 0, false), (result.Accepted, result.Duplicates, result.ErrorCount, result.Errors.Count, result.Stored));
        Assert.Empty(await EventIdsAsync(clinic));
        Assert.Empty(await InAsync(clinic, db => db.Clients.ToListAsync()));
    }

    [Fact]
    public async Task Cancelled_half_way_nothing_is_stored()
    {
        var clinic = await ClinicAsync();
        using var cancel = new CancellationTokenSource();
        IEnumerable<string> Lines()
        {
            yield return CsvText.Header;
            for (var i = 1; i <= 2000; i++)
            {
                if (i == 1500) cancel.Cancel();
                yield return CsvRow.Session($"E{i}", "2026-10-01T09:30:00Z");
            }
        }
        await using var file = new GeneratedStream(Lines());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => site.ImportAsync(clinic, file, cancellation: cancel.Token));

        Assert.Empty(await EventIdsAsync(clinic));
        Assert.Equal(1, (await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"))).Accepted);
    }

    [Fact]
    public async Task Overlapping_files_at_the_same_moment_store_each_event_once()
    {
        var clinic = await ClinicAsync();
        await site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 450_000);
        string File(int from) => CsvText.Of(Enumerable.Range(from, 600).Select(i => CsvRow.Session($"E{i:0000}", "2026-10-01T09:30:00Z", client: $"Client {i}")).ToArray());

        var results = await Task.WhenAll(new[] { 1, 301, 601 }.Select(from => Task.Run(() => site.ImportTextAsync(clinic, File(from)))));

        Assert.All(results, result => Assert.True(result.Stored));
        Assert.Equal((1200, 600), (results.Sum(result => result.Accepted), results.Sum(result => result.Duplicates)));
        Assert.Equal(Enumerable.Range(1, 1200).Select(i => $"E{i:0000}"), await EventIdsAsync(clinic));
        Assert.Equal(1200, await InAsync(clinic, db => db.Clients.CountAsync()));
    }

    [Fact]
    public async Task Ids_that_differ_in_case_alone_are_two_events()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("ab1", "2026-10-01T09:30:00Z"));

        var result = await site.ImportRowsAsync(clinic, CsvRow.Session("AB1", "2026-10-01T09:30:00Z"), CsvRow.Session("Ab1", "2026-10-02T09:30:00Z"), CsvRow.Session("ab1", "2026-10-01T09:30:00Z"));

        Assert.Equivalent(new ImportResult(2, 1, 0, [], Stored: true), result);
        Assert.Equal(["AB1", "Ab1", "ab1"], (await EventIdsAsync(clinic)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_id_belongs_to_one_subscription_only()
    {
        var (one, two) = (await ClinicAsync(), await ClinicAsync());
        await site.ImportRowsAsync(one, CsvRow.TopUp("E1", "2026-10-01"));
        Assert.Equal(1, (await site.ImportRowsAsync(two, CsvRow.TopUp("E1", "2026-10-01", note: "Another clinic's"))).Accepted);
    }

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task<List<string>> EventIdsAsync(int clinic) => InAsync(clinic, db => db.UsageEvents.OrderBy(usage => usage.EventId).Select(usage => usage.EventId).ToListAsync());

    private Task<T> InAsync<T>(int clinic, Func<CreditUsageDb, Task<T>> ask) => site.InAsync(clinic, services => ask(services.GetRequiredService<CreditUsageDb>()));
}
