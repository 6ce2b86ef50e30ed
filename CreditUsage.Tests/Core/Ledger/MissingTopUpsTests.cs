using CreditUsage.Core.Ledger;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Ledger;

/// <summary>The site's clock stands at 22 November 2026, 12:00 UTC.</summary>
public sealed class MissingTopUpsTests(Site site) : IClassFixture<Site>
{
    private const string Card = "0306158990";
    private const string Other = "1306158991";

    [Fact]
    public async Task Missing_is_every_day_of_the_month_that_a_schedule_asks_for_and_nobody_recorded()
    {
        var clinic = await ClinicAsync((Card, new(2026, 9, 29), new(2026, 10, 3)), (Other, new(2026, 10, 31), new(2026, 11, 1)));
        await site.ImportRowsAsync(clinic, CsvRow.TopUp("E1", "2026-10-02", device: Card), CsvRow.TopUp("E2", "2026-11-01", device: Other));

        Assert.Equal([(Card, 1), (Card, 3), (Other, 31)], await MissingAsync(clinic, new UsageMonth(2026, 10)));
        Assert.Equal([(Card, 29), (Card, 30)], await MissingAsync(clinic, new UsageMonth(2026, 9)));
        Assert.Empty(await MissingAsync(clinic, new UsageMonth(2026, 11)));
    }

    [Fact]
    public async Task A_day_in_progress_is_not_missing_yet()
    {
        var clinic = await ClinicAsync((Card, new(2026, 11, 20), new(2026, 11, 30)));

        Assert.Equal([(Card, 20), (Card, 21)], await MissingAsync(clinic, new UsageMonth(2026, 11)));
        Assert.Empty(await MissingAsync(clinic, new UsageMonth(2026, 12)));
    }

    [Fact]
    public async Task A_leap_day_is_a_day_like_another()
    {
        var clinic = await ClinicAsync((Card, new(2024, 2, 28), new(2024, 3, 1)));

        Assert.Equal([(Card, 28), (Card, 29)], await MissingAsync(clinic, new UsageMonth(2024, 2)));
    }

    [Fact]
    public async Task Allocated_is_a_credit_for_each_day_of_a_running_schedule_that_has_no_top_up()
    {
        var clinic = await ClinicAsync((Card, new(2026, 11, 20), new(2026, 11, 30)), (Other, new(2026, 11, 23), new(2026, 12, 31)));
        Assert.Equal(11, await AllocatedAsync(clinic));

        await site.ImportRowsAsync(clinic, CsvRow.TopUp("E1", "2026-11-20", device: Card), CsvRow.TopUp("E2", "2026-11-21", device: Card), CsvRow.TopUp("E3", "2026-11-21", device: Other));
        Assert.Equal(9, await AllocatedAsync(clinic));
    }

    [Fact]
    public async Task A_schedule_that_ended_yesterday_is_promised_until_it_is_charged()
    {
        var clinic = await ClinicAsync((Card, new(2026, 11, 21), new(2026, 11, 21)), (Other, new(2026, 11, 1), new(2026, 11, 20)));
        Assert.Equal(1, await AllocatedAsync(clinic));

        await site.ImportRowsAsync(clinic, CsvRow.TopUp("E1", "2026-11-21", device: Card));
        Assert.Equal(0, await AllocatedAsync(clinic));
    }

    private async Task<List<(string Device, int Day)>> MissingAsync(int clinic, UsageMonth month)
    {
        var missing = await site.InAsync(clinic, services => MissingTopUps.OfMonthAsync(
            services.GetRequiredService<CreditUsageDb>(), month, chargedFrom: null, site.Clock.GetUtcNow(), CancellationToken.None));
        return missing.Select(day => (day.Schedule.DeviceId, day.Day.Day)).ToList();
    }

    private Task<long> AllocatedAsync(int clinic) => site.InAsync(clinic, async services =>
        (await services.GetRequiredService<CreditStatusQuery>().RunAsync(site.Clock.GetUtcNow(), CancellationToken.None)).Allocated);

    private async Task<int> ClinicAsync(params (string Device, DateOnly First, DateOnly Last)[] schedules)
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2024, 1, 1));
        return await site.InAsync(clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.AddRange(schedules.Select(schedule => CardSchedule.Of(clinic, schedule.Device, schedule.First, schedule.Last)));
            await db.SaveChangesAsync();
            return clinic;
        });
    }
}
