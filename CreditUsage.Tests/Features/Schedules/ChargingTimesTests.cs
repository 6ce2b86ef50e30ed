using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using static CreditUsage.Tests.Features.Schedules.ChargedSite;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>When the site charges by itself: the job engine goes by the site's clock.</summary>
public sealed class ChargingTimesTests
{
    private const string Card = "1306158990";

    [Fact]
    public async Task The_day_just_gone_is_charged_shortly_after_midnight()
    {
        await using var site = new Site();
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-22", "2026-11-30"));
        await site.ChargingAsync(clinic, StartsOn);

        site.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 23, 5, 1, TimeSpan.Zero));
        await Wait.UntilAsync(async () => await NextRunAsync(site) == new DateTimeOffset(2026, 11, 23, 0, 5, 0, TimeSpan.Zero));
        Assert.Empty(await site.DaysAsync(clinic));

        site.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 23, 0, 5, 1, TimeSpan.Zero));
        await Wait.UntilAsync(async () => (await site.DaysAsync(clinic)).Count > 0);
        Assert.Equal(["2026-11-22"], await site.DaysAsync(clinic));
    }

    [Fact]
    public async Task A_start_makes_good_the_days_that_were_missed()
    {
        // It never starts: it only owns the folder that the two others use one after the other.
        await using var folder = new Site();
        int clinic;
        await using (var first = new Site().With("CreditUsage:DataPath", folder.DataPath))
        {
            clinic = await first.ClinicAsync();
            await first.ScheduleAsync(clinic, Schedule(Card, "2026-11-20", "2026-11-30"));
            await first.ChargingAsync(clinic, StartsOn);
        }

        await using var second = new Site().With("CreditUsage:DataPath", folder.DataPath);
        second.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 26, 9, 0, 0, TimeSpan.Zero));
        await Wait.UntilAsync(async () => (await second.DaysAsync(clinic)).Count >= 6);

        Assert.Equal(["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"], await second.DaysAsync(clinic));
    }

    private static IScheduler Engine(Site site) => site.Services.GetRequiredService<IScheduler>();

    private static async Task<DateTimeOffset?> NextRunAsync(Site site) => (await Engine(site).GetTrigger(new TriggerKey(Job.Name)))?.NextFireTimeUtc;
}
