using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Schedules;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>What the tests of charging do to a site.</summary>
internal static class ChargedSite
{
    public static readonly JobKey Job = new("charge-top-ups");
    public static readonly DateOnly StartsOn = new(2024, 1, 1);

    /// <summary>A new subscription, once the charge that the site's own start makes is over: it would otherwise take part in the test.</summary>
    public static async Task<int> ClinicAsync(this Site site)
    {
        _ = site.Services;
        await Wait.UntilAsync(() => site.EndedJobs.Has(Job));
        return await site.SubscriptionAsync("Clinic", StartsOn);
    }

    public static ScheduleInput Schedule(string device, string first, string last, string client = "", string note = "Front desk") =>
        new(device, "Sleep", client.Length > 0 ? "C1" : "", client, note, "S1", "Sam Staff", first, last);

    /// <summary>Adds it as the page would, without charging.</summary>
    public static async Task<TopUpSchedule> ScheduleAsync(this Site site, int clinic, ScheduleInput input)
    {
        var (added, faults) = await site.InAsync(clinic, services => services.GetRequiredService<AddSchedule>().RunAsync(input, CancellationToken.None));
        Assert.Empty(faults);
        return added!;
    }

    public static Task<string?> ChargingAsync(this Site site, int clinic, DateOnly? from) =>
        site.InAsync(clinic, services => services.GetRequiredService<SetCharging>().RunAsync(
            from, FormVersion.Of(SetCharging.Words(services.GetRequiredService<CreditUsageDb>().Subscriptions.Single(subscription => subscription.Id == clinic).ChargesTopUpsFrom)), CancellationToken.None));

    public static Task<int> ChargeAsync(this Site site, int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<ChargeTopUps>().RunAsync(CancellationToken.None));

    public static Task<List<UsageEvent>> TopUpsAsync(this Site site, int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.AsNoTracking()
            .OrderBy(usage => usage.ServiceDate).ThenBy(usage => usage.DeviceNumber).ToListAsync());

    public static async Task<List<string>> DaysAsync(this Site site, int clinic) =>
        (await site.TopUpsAsync(clinic)).ConvertAll(usage => usage.ServiceDate.ToString("yyyy-MM-dd"));

    public static Task<List<TopUpSchedule>> SchedulesAsync(this Site site, int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().TopUpSchedules.AsNoTracking().OrderBy(schedule => schedule.FirstDay).ToListAsync());
}
