using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Corrections;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static CreditUsage.Tests.Features.Schedules.ChargedSite;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>The clock stands at 22 November 2026, 12:00 UTC.</summary>
public sealed class ChargeTopUpsTests(Site site) : IClassFixture<Site>
{
    private const string Card = "1306158990";

    [Fact]
    public async Task Each_day_that_is_over_is_charged_one_credit_at_its_price_and_falls_on_the_next_midnight()
    {
        var clinic = await site.ClinicAsync();
        await site.PriceAsync(clinic, StartsOn, 450_000);
        await site.PriceAsync(clinic, new DateOnly(2026, 11, 21), 525_000);
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-20", "2026-12-31", client: "Ann Client"));
        await site.ChargingAsync(clinic, StartsOn);

        Assert.Equal(2, await site.ChargeAsync(clinic));

        var charged = await site.TopUpsAsync(clinic);
        Assert.Equal(["TU-1306158990-20261120", "TU-1306158990-20261121"], charged.Select(usage => usage.EventId));
        Assert.All(charged, usage => Assert.Equal((UsageKind.DailyTopUp, 1, null), (usage.Kind, usage.Credits, usage.DurationMinutes)));
        Assert.Equal([45, 53], charged.Select(usage => usage.CostPence)); // 0.45, and 0.525 rounded half away from zero
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), charged[0].PostedAt);
        var (source, by, accepted) = await IntakeAsync(clinic, charged[0].IntakeId);
        Assert.Equal((UsageSource.Charge, "CreditUsage", 2), (source, by, accepted));
        Assert.Equal("Charge | November 2026 | 2 daily top-ups charged, 20 November 2026 to 21 November 2026, 1 device", (await site.AuditAsync(clinic))[^1]);
    }

    [Fact]
    public async Task A_second_run_and_runs_at_the_same_time_charge_nothing_twice()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-10-01", "2026-10-31"));
        await site.ScheduleAsync(clinic, Schedule("0000000001", "2026-10-01", "2026-10-31"));
        await site.ChargingAsync(clinic, StartsOn);

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => site.ChargeAsync(clinic))));

        Assert.Equal(62, counts.Sum());
        Assert.Equal(62, (await site.TopUpsAsync(clinic)).Select(usage => (usage.DeviceNumber, usage.ServiceDate)).Distinct().Count());
        Assert.Equal(0, await site.ChargeAsync(clinic));
        Assert.Equal(62, (await site.TopUpsAsync(clinic)).Count);
        Assert.Single(await site.AuditAsync(clinic), entry => entry.StartsWith("Charge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Days_missed_while_nothing_ran_are_made_good_over_a_leap_day_and_both_changes_of_the_British_clock()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2024-02-01", "2024-11-30"));
        await site.ChargingAsync(clinic, StartsOn);

        await site.ChargeAsync(clinic);

        var expected = new List<string>();
        for (var day = new DateOnly(2024, 2, 1); day <= new DateOnly(2024, 11, 30); day = day.AddDays(1)) expected.Add(day.ToString("yyyy-MM-dd"));
        Assert.Equal(304, expected.Count); // 366 days without January (31) and December (31)
        Assert.Equal(expected, await site.DaysAsync(clinic));
        Assert.Contains("2024-02-29", expected);
        Assert.Equal(10, (await site.AuditAsync(clinic)).Count(entry => entry.StartsWith("Charge", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_schedule_of_one_day_is_charged_for_that_day_alone()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-21", "2026-11-21"));
        await site.ChargingAsync(clinic, StartsOn);

        await site.ChargeAsync(clinic);

        Assert.Equal(["2026-11-21"], await site.DaysAsync(clinic));
    }

    [Fact]
    public async Task Today_is_charged_when_it_is_over_in_Greenwich_and_not_before()
    {
        await using var own = new Site();
        var clinic = await own.ClinicAsync();
        await own.ScheduleAsync(clinic, Schedule(Card, "2026-11-22", "2026-11-23"));
        await own.ChargingAsync(clinic, StartsOn);
        own.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 23, 59, 59, TimeSpan.Zero));
        await own.ChargeAsync(clinic);
        Assert.Empty(await own.DaysAsync(clinic));

        // By this run, or by the site's own that the moving clock has set off: the day is there once.
        own.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
        await own.ChargeAsync(clinic);
        Assert.Equal(["2026-11-22"], await own.DaysAsync(clinic));
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_and_is_put_right_charges_no_day_twice()
    {
        await using var own = new Site();
        var clinic = await own.ClinicAsync();
        await own.ScheduleAsync(clinic, Schedule(Card, "2026-11-20", "2026-11-30"));
        await own.ChargingAsync(clinic, StartsOn);
        own.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
        await own.ChargeAsync(clinic);
        Assert.Equal(6, (await own.TopUpsAsync(clinic)).Count);
        own.Clock.AdjustTime(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        await own.ChargeAsync(clinic);
        Assert.Equal(6, (await own.TopUpsAsync(clinic)).Count);
        own.Clock.SetUtcNow(new DateTimeOffset(2026, 12, 5, 12, 0, 0, TimeSpan.Zero));
        await own.ChargeAsync(clinic);
        Assert.Equal(11, (await own.TopUpsAsync(clinic)).Count);
    }

    [Fact]
    public async Task Only_days_from_the_set_day_on_are_charged_and_none_while_top_ups_only_come_in()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-01", "2026-11-30"));
        Assert.Equal(0, await site.ChargeAsync(clinic));

        await site.ChargingAsync(clinic, new DateOnly(2026, 11, 19));
        await site.ChargeAsync(clinic);
        Assert.Equal(["2026-11-19", "2026-11-20", "2026-11-21"], await site.DaysAsync(clinic));

        await site.ChargingAsync(clinic, null);
        await site.ScheduleAsync(clinic, Schedule("0000000002", "2026-11-19", "2026-11-30"));
        Assert.Equal(0, await site.ChargeAsync(clinic));
    }

    [Fact]
    public async Task A_day_that_was_reversed_and_recorded_again_counts_once_and_a_reversed_one_is_not_charged_again()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-01", "2026-11-03"));
        await site.ImportRowsAsync(clinic, CsvRow.TopUp("E1", "2026-11-01", Card), CsvRow.TopUp("E2", "2026-11-02", Card));
        await ReverseAsync("E1");
        await ReverseAsync("E2");
        await site.ImportRowsAsync(clinic, CsvRow.TopUp("E3", "2026-11-01", Card));
        await site.ChargingAsync(clinic, StartsOn);

        Assert.Equal(1, await site.ChargeAsync(clinic));

        Assert.Equal("TU-1306158990-20261103", (await site.TopUpsAsync(clinic))[^1].EventId);
        Assert.Equal(0, await site.ChargeAsync(clinic));

        Task ReverseAsync(string id) => site.InAsync(clinic, services => services.GetRequiredService<CorrectUsage>().ReverseAsync(id, "Wrong", CancellationToken.None));
    }

    [Fact]
    public async Task A_day_that_came_in_from_outside_is_passed_over()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-19", "2026-11-30"));
        await site.ImportRowsAsync(clinic, CsvRow.TopUp("Outside", "2026-11-20", device: Card));
        await site.ChargingAsync(clinic, StartsOn);

        Assert.Equal(2, await site.ChargeAsync(clinic));

        Assert.Equal(["TU-1306158990-20261119", "Outside", "TU-1306158990-20261121"], (await site.TopUpsAsync(clinic)).Select(usage => usage.EventId));
    }

    [Fact]
    public async Task A_top_up_that_comes_in_for_a_charged_day_is_a_duplicate_when_it_agrees_and_a_conflict_when_not()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-20", "2026-11-30"));
        await site.ChargingAsync(clinic, StartsOn);
        await site.ChargeAsync(clinic);

        var agrees = await site.ImportRowsAsync(clinic, CsvRow.TopUp("Outside-1", "2026-11-20", device: Card));
        Assert.Equal((0, 1, 0, true), (agrees.Accepted, agrees.Duplicates, agrees.ErrorCount, agrees.Stored));

        var differs = await site.ImportRowsAsync(clinic, CsvRow.TopUp("Outside-2", "2026-11-21", device: Card, client: "Ann Client"), CsvRow.TopUp("Outside-3", "2026-11-19", device: Card));
        Assert.False(differs.Stored);
        var error = Assert.Single(differs.Errors);
        Assert.Equal((2, "client_name"), (error.Line, error.Field));
        Assert.Contains("TU-1306158990-20261121", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await site.TopUpsAsync(clinic)).Count);
    }

    [Fact]
    public async Task An_id_that_outside_usage_took_for_something_else_does_not_stop_the_charge()
    {
        var clinic = await site.ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("TU-1306158990-20261120", "2026-11-02T10:00:00Z"), CsvRow.Session("TU-1306158990-20261120-2", "2026-11-02T11:00:00Z"));
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-20", "2026-11-21"));
        await site.ChargingAsync(clinic, StartsOn);

        Assert.Equal(2, await site.ChargeAsync(clinic));

        Assert.Equal(["TU-1306158990-20261120-3", "TU-1306158990-20261121"], (await site.TopUpsAsync(clinic)).Where(usage => usage.DeviceNumber is not null).Select(usage => usage.EventId));
    }

    [Fact]
    public async Task A_day_of_a_closed_month_is_charged_into_the_next_open_one()
    {
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-10-31", "2026-11-01"));
        await site.ChargingAsync(clinic, StartsOn);
        await CloseAsync(clinic, new UsageMonth(2026, 10));

        await site.ChargeAsync(clinic);

        var late = (await site.TopUpsAsync(clinic))[0];
        Assert.Equal((new DateOnly(2026, 10, 31), new UsageMonth(2026, 11), site.Clock.GetUtcNow()), (late.ServiceDate, late.ReportMonth, late.PostedAt));
    }

    [Fact]
    public async Task Charging_cannot_begin_in_a_closed_month()
    {
        var clinic = await site.ClinicAsync();
        await CloseAsync(clinic, new UsageMonth(2026, 9));

        Assert.Equal("September 2026 is closed; write 1 October 2026 or a later day.", await site.ChargingAsync(clinic, new DateOnly(2026, 9, 30)));
        Assert.Null(await site.ChargingAsync(clinic, new DateOnly(2026, 10, 1)));
    }

    [Fact]
    public async Task Schedules_of_one_device_in_two_subscriptions_are_each_charged_in_their_own()
    {
        var (mine, other) = (await site.ClinicAsync(), await site.ClinicAsync());
        await site.ScheduleAsync(mine, Schedule(Card, "2026-11-20", "2026-11-21"));
        await site.ScheduleAsync(other, Schedule(Card, "2026-11-21", "2026-11-21"));
        await site.ChargingAsync(mine, StartsOn);
        await site.ChargingAsync(other, StartsOn);

        Assert.Equal(2, await site.ChargeAsync(mine));
        Assert.Empty(await site.TopUpsAsync(other));
        Assert.Equal(1, await site.ChargeAsync(other));
    }

    private Task<(UsageSource, string, int)> IntakeAsync(int clinic, int id) => site.InAsync(clinic, async services =>
    {
        var intake = await services.GetRequiredService<CreditUsageDb>().UsageIntakes.SingleAsync(intake => intake.Id == id);
        return (intake.Source, intake.RecordedBy, intake.Accepted);
    });

    /// <summary>The mark of a closing alone, which is all that charging looks at.</summary>
    private Task<int> CloseAsync(int clinic, UsageMonth month) =>
        site.InAsync(clinic, services => ClosingRows.AddAsync(services.GetRequiredService<CreditUsageDb>(), clinic, month));
}
