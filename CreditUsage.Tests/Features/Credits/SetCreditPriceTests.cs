using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

public sealed class SetCreditPriceTests(Site site) : IClassFixture<Site>
{
    private static readonly DateOnly October = new(2026, 10, 1);

    [Fact]
    public async Task A_price_prices_what_was_withheld_on_its_days_and_nothing_else()
    {
        var clinic = await ClinicAsync();
        await site.PriceAsync(clinic, new DateOnly(2026, 11, 1), 600_000);
        await site.ImportRowsAsync(
            clinic,
            CsvRow.Session("Before", "2026-09-30T23:59:59Z"),
            CsvRow.Session("Five", "2026-10-01T00:00:00Z", minutes: 25),
            CsvRow.Session("Three", "2026-10-31T23:59:59Z", minutes: 15),
            CsvRow.TopUp("One", "2026-10-02"),
            CsvRow.Session("Stated", "2026-10-03T10:00:00Z", cost: "9.99"),
            CsvRow.Session("After", "2026-11-01T00:00:00Z", minutes: 25));

        Assert.Equal(3, await site.PriceAsync(clinic, October, 525_000));

        var events = await EventsAsync(clinic);
        Assert.Equal((null, null), (events["Before"].CostPence, events["Before"].UnitPriceMicros));
        Assert.Equal((263, 525_000), (events["Five"].CostPence, events["Five"].UnitPriceMicros)); // 2.625
        Assert.Equal((158, 525_000), (events["Three"].CostPence, events["Three"].UnitPriceMicros)); // 1.575
        Assert.Equal((53, 525_000), (events["One"].CostPence, events["One"].UnitPriceMicros)); // 0.525
        Assert.Equal((999, null), (events["Stated"].CostPence, events["Stated"].UnitPriceMicros));
        Assert.Equal((300, 600_000), (events["After"].CostPence, events["After"].UnitPriceMicros));
    }

    [Fact]
    public async Task A_second_price_from_the_same_day_is_refused_and_changes_nothing()
    {
        var clinic = await ClinicAsync();
        await site.PriceAsync(clinic, October, 450_000);

        var problem = await Assert.ThrowsAsync<UserFacingException>(() => site.PriceAsync(clinic, October, 460_000));

        Assert.Contains("01/10/2026", problem.Message, StringComparison.Ordinal);
        Assert.Equal([450_000], await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().CreditPrices.Select(price => price.PriceMicros).ToListAsync()));
    }

    [Fact]
    public async Task A_price_leaves_another_subscriptions_events_alone()
    {
        var (mine, other) = (await ClinicAsync(), await ClinicAsync());
        await site.ImportRowsAsync(other, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));

        Assert.Equal(0, await site.PriceAsync(mine, October, 450_000));

        Assert.Null((await EventsAsync(other))["E1"].CostPence);
    }

    [Fact]
    public async Task A_price_in_use_is_never_changed_but_a_later_day_may_have_another()
    {
        var clinic = await ClinicAsync();
        await site.PriceAsync(clinic, new DateOnly(2026, 1, 1), 450_000);
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"), CsvRow.Session("E2", "2026-10-20T09:30:00Z"), CsvRow.Session("E3", "2026-10-25T09:30:00Z", cost: "1.00"));

        var problem = await Assert.ThrowsAsync<UserFacingException>(() => site.PriceAsync(clinic, October, 500_000));

        Assert.Contains("2 events have their price already", problem.Message, StringComparison.Ordinal);
        Assert.Contains("from 21/10/2026 on", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, await site.PriceAsync(clinic, new DateOnly(2026, 10, 21), 500_000));
        Assert.Equal((225, 450_000), ((await EventsAsync(clinic))["E2"].CostPence, (await EventsAsync(clinic))["E2"].UnitPriceMicros));
    }

    [Fact]
    public async Task A_price_before_the_first_one_may_fill_a_gap_although_later_events_have_theirs()
    {
        var clinic = await ClinicAsync();
        await site.PriceAsync(clinic, October, 450_000);
        await site.ImportRowsAsync(clinic, CsvRow.Session("Gap", "2026-09-30T09:30:00Z"), CsvRow.Session("E2", "2026-10-20T09:30:00Z"));

        Assert.Equal(1, await site.PriceAsync(clinic, new DateOnly(2026, 9, 1), 500_000));

        Assert.Equal((250, 225), ((await EventsAsync(clinic))["Gap"].CostPence, (await EventsAsync(clinic))["E2"].CostPence));
    }

    [Fact]
    public async Task A_closed_month_gets_no_price_and_keeps_its_withheld_money()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-09-30T09:30:00Z"), CsvRow.Session("E2", "2026-10-01T09:30:00Z"));
        await site.InAsync(clinic, services => ClosingRows.AddAsync(services.GetRequiredService<CreditUsageDb>(), clinic, new UsageMonth(2026, 9)));

        var problem = await Assert.ThrowsAsync<UserFacingException>(() => site.PriceAsync(clinic, new DateOnly(2026, 9, 30), 450_000));
        Assert.Equal(1, await site.PriceAsync(clinic, October, 450_000));

        Assert.Contains("September 2026 is closed", problem.Message, StringComparison.Ordinal);
        Assert.Contains("01/10/2026 on", problem.Message, StringComparison.Ordinal);
        Assert.Equal((null, 225), ((await EventsAsync(clinic))["E1"].CostPence, (await EventsAsync(clinic))["E2"].CostPence));
    }

    [Fact]
    public async Task A_future_price_is_taken_and_one_beyond_ten_years_is_not()
    {
        var clinic = await ClinicAsync();

        Assert.Equal(0, await site.PriceAsync(clinic, new DateOnly(2036, 11, 22), 450_000));
        var problem = await Assert.ThrowsAsync<UserFacingException>(() => site.PriceAsync(clinic, new DateOnly(2036, 11, 23), 450_000));

        Assert.Contains("no later than 22/11/2036", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_is_audited_with_what_it_filled()
    {
        var clinic = await ClinicAsync();
        await site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z"));
        await site.PriceAsync(clinic, October, 525_000);

        var entry = Assert.Single(await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.AsNoTracking().Where(one => one.Action == AuditAction.Price).ToListAsync()));

        Assert.Equal(("Credit price from 01/10/2026", "Set to £0.525, which gave 1 event its cost."), (entry.Subject, entry.Detail));
    }

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task<Dictionary<string, UsageEvent>> EventsAsync(int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.AsNoTracking().ToDictionaryAsync(usage => usage.EventId));
}
