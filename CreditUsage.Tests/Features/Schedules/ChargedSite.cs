using System.Diagnostics;
using CreditUsage.Data;
using CreditUsage.Domain;
using CreditUsage.Features.Schedules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>What the tests of charging do to a site.</summary>
internal static class ChargedSite
{
    public static readonly JobKey Job = new("charge-top-ups");
    public static readonly DateOnly StartsOn = new(2024, 1, 1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A new subscription, once the charge that the site's own start makes is over: it would otherwise take part in the test.</summary>
    public static async Task<int> ClinicAsync(this Site site)
    {
        _ = site.Services;
        await UntilAsync(() => Task.FromResult(site.EndedJobs.Has(Job)));
        return await site.SubscriptionAsync("Clinic", StartsOn);
    }

    public static async Task UntilAsync(Func<Task<bool>> done)
    {
        var since = Stopwatch.StartNew();
        while (!await done())
        {
            Assert.True(since.Elapsed < Patience, $"It did not happen within {Patience.TotalSeconds} seconds.");
            await Task.Delay(50);
        }
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
        site.InAsync(clinic, services => services.GetRequiredService<SetCharging>().RunAsync(from, CancellationToken.None));

    public static Task<int> ChargeAsync(this Site site, int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<ChargeTopUps>().RunAsync(CancellationToken.None));

    public static Task<List<UsageEvent>> TopUpsAsync(this Site site, int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageEvents.AsNoTracking()
            .OrderBy(usage => usage.ServiceDate).ThenBy(usage => usage.DeviceNumber).ToListAsync());

    public static async Task<List<string>> DaysAsync(this Site site, int clinic) =>
        (await site.TopUpsAsync(clinic)).ConvertAll(usage => usage.ServiceDate.ToString("yyyy-MM-dd"));

    public static Task<List<TopUpSchedule>> SchedulesAsync(this Site site, int clinic) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().TopUpSchedules.AsNoTracking().OrderBy(schedule => schedule.FirstDay).ToListAsync());

    /// <summary>"Charge | October 2026 | 62 daily top-ups …", the earliest first.</summary>
    public static async Task<List<string>> AuditAsync(this Site site, int clinic) =>
        (await site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.AsNoTracking().OrderBy(entry => entry.Sequence).ToListAsync()))
            .ConvertAll(entry => $"{entry.Action} | {entry.Subject} | {entry.Detail}");
}
