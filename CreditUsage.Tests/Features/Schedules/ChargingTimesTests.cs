using System.Diagnostics;
using static CreditUsage.Tests.Features.Schedules.ChargedSite;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>When the site charges by itself: the job engine goes by the site's clock.</summary>
public sealed class ChargingTimesTests
{
    private const string Card = "1306158990";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_day_just_gone_is_charged_shortly_after_midnight()
    {
        await using var site = new Site();
        var clinic = await site.ClinicAsync();
        await site.ScheduleAsync(clinic, Schedule(Card, "2026-11-22", "2026-11-30"));
        await site.ChargingAsync(clinic, StartsOn);

        await UntilAsync(site, clinic, 1, () => site.Clock.GetUtcNow() < new DateTimeOffset(2026, 11, 23, 0, 4, 0, TimeSpan.Zero)
            ? TimeSpan.FromMinutes(30) : TimeSpan.FromSeconds(20));

        Assert.Equal(["2026-11-22"], await site.DaysAsync(clinic));
        Assert.InRange(site.Clock.GetUtcNow(), new DateTimeOffset(2026, 11, 23, 0, 5, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 23, 1, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_start_makes_good_the_days_that_were_missed()
    {
        await using var other = new Site();
        var folder = other.DataPath;
        int clinic;
        await using (var first = new Site().With("CreditUsage:DataPath", folder))
        {
            clinic = await first.ClinicAsync();
            await first.ScheduleAsync(clinic, Schedule(Card, "2026-11-20", "2026-11-30"));
            await first.ChargingAsync(clinic, StartsOn);
        }

        await using var second = new Site().With("CreditUsage:DataPath", folder);
        second.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 26, 9, 0, 0, TimeSpan.Zero));
        await UntilAsync(second, clinic, 6, () => TimeSpan.FromSeconds(1));

        Assert.Equal(["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"], await second.DaysAsync(clinic));
    }

    private static async Task UntilAsync(Site site, int clinic, int days, Func<TimeSpan> step)
    {
        var since = Stopwatch.StartNew();
        while ((await site.TopUpsAsync(clinic)).Count < days)
        {
            Assert.True(since.Elapsed < Patience, $"After {Patience.TotalSeconds} seconds nothing was charged.");
            site.Clock.Advance(step());
            await Task.Yield();
        }
    }
}
