using CreditUsage.Data;
using CreditUsage.Domain;
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

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => site.PriceAsync(clinic, October, 460_000));

        Assert.Contains("2026-10-01", problem.Message, StringComparison.Ordinal);
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

    private Task<int> ClinicAsync() => site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));

    private Task<Dictionary<string, UsageEvent>> EventsAsync(int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.AsNoTracking().ToDictionaryAsync(usage => usage.EventId));
}
