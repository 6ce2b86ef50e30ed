using CreditUsage.Data;
using CreditUsage.Features.Schedules;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Demo;

/// <summary>The demo as it stands when it is started again on another day.</summary>
public sealed class CreateDemoTests : IAsyncLifetime
{
    private readonly DemoSite _demo = new();

    public Task InitializeAsync() => _demo.InitializeAsync();

    public Task DisposeAsync() => _demo.DisposeAsync();

    [Fact]
    public async Task Charging_its_schedules_adds_the_days_since_and_nothing_to_the_months_before()
    {
        var (complete, before) = (await BeforeTodayAsync(), await SinceTodayAsync());
        Assert.Equal(0, await ChargeAsync());
        _demo.Site.Clock.Advance(TimeSpan.FromDays(40));
        var days = Enumerable.Range(0, 40).Select(DemoSite.Today.AddDays).Sum(day => DemoSite.Made.Schedules.Count(schedule => schedule.FirstDay <= day && day <= schedule.LastDay));
        Assert.NotEqual(0, days);
        // The site's own night may have come first.
        await ChargeAsync();
        Assert.Equal(before + days, await SinceTodayAsync());
        // Even where everything since the subscription's start were to be charged here, every day has its top-up.
        await _demo.Site.InAsync(_demo.Riverside, services => services.GetRequiredService<CreditUsageDb>().Subscriptions.Where(subscription => subscription.Id == _demo.Riverside)
            .ExecuteUpdateAsync(set => set.SetProperty(subscription => subscription.ChargesTopUpsFrom, DemoSite.Starts)));
        Assert.Equal(0, await ChargeAsync());
        Assert.Equal(complete, await BeforeTodayAsync());
    }

    private Task<int> ChargeAsync() => _demo.Site.InAsync(_demo.Riverside, services => services.GetRequiredService<ChargeTopUps>().RunAsync(CancellationToken.None));

    private Task<int> SinceTodayAsync() => _demo.Site.InAsync(_demo.Riverside, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.CountAsync(usage => usage.ServiceDate >= DemoSite.Today));

    private Task<(int, long)> BeforeTodayAsync() => _demo.Site.InAsync(_demo.Riverside, async services =>
    {
        var events = services.GetRequiredService<CreditUsageDb>().UsageEvents.Where(usage => usage.ServiceDate < DemoSite.Today);
        return (await events.CountAsync(), await events.SumAsync(usage => usage.CostPence!.Value));
    });
}
