using CreditUsage.Core.Jobs;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Credits;
using CreditUsage.Features.Imports;
using CreditUsage.Features.Savings;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Bench;

/// <summary>The home page and the pictures over 27 months of 1,000,000 events, none of them closed, against the database's own program adding up the same; and a grouped month against the flat one.</summary>
internal static class InsightBench
{
    private const int EventsOfMonth = 37_037;
    private const int Months = 27;
    private const int GroupedEvents = 10_000;
    private const double SumsLimit = 2;
    private const double GroupedLimit = 1.5;

    public static async Task<IReadOnlyList<Measure>> RunAsync(string folder) =>
        [.. await OverMonthsAsync(Path.Combine(folder, "months")), .. await GroupedAsync(Path.Combine(folder, "grouped"))];

    private static async Task<IReadOnlyList<Measure>> OverMonthsAsync(string folder)
    {
        var data = await BenchData.CreateAsync(folder);
        await data.AddMonthAsync(BenchData.Month, EventsOfMonth);
        data.Repeat(times: Months - 1);
        await AddSchedulesAsync(data);
        await using var site = await SiteProcess.StartAsync(data);
        return
        [
            Measure.Cpu("insight: home page, 27 months of 1,000,000", await AgainstSumsAsync(site, data, "/dashboard", InsightSums.Home), SumsLimit),
            Measure.Cpu("insight: every picture, 27 months of 1,000,000", await AgainstSumsAsync(site, data, SiteProcess.ReportPath("/pictures"), InsightSums.Pictures), SumsLimit),
        ];
    }

    private static async Task<(Spent, Spent)> AgainstSumsAsync(SiteProcess site, BenchData data, string path, IReadOnlyList<string> sums)
    {
        var sqlite = new ChildProgram("sqlite3", ["-html", "-readonly", data.Database, .. sums]);
        await site.GetAsync(path, times: 10);
        return await Alternating.MediansAsync(() => site.GetAsync(path, times: 5), () => sqlite.RunAsync(times: 5));
    }

    /// <summary>One for each device, from its first top-up on to half a year from now.</summary>
    private static async Task AddSchedulesAsync(BenchData data)
    {
        await using var site = await data.OpenAsync();
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        var db = scope.ServiceProvider.GetRequiredService<CreditUsageDb>();
        var devices = db.UsageEvents.Where(usage => usage.DeviceNumber != null).GroupBy(usage => usage.DeviceNumber!.Value).Select(device => new { device.Key, First = device.Min(usage => usage.ServiceDate) }).ToList();
        db.AddRange(devices.Select(device => Schedule(device.Key, device.First)));
        await db.SaveChangesAsync();
    }

    private static TopUpSchedule Schedule(long device, DateOnly first) => new()
    {
        SubscriptionId = BenchData.Subscription,
        DeviceId = $"{device:D10}",
        Program = "Calm Sleep",
        StaffId = "S000",
        StaffName = "Amelia Ahmed",
        IdentityNote = "",
        FirstDay = first,
        LastDay = BenchData.Month.End.AddDays(183),
        RecordedAt = new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero),
        RecordedBy = BenchData.Email,
    };

    private static async Task<IReadOnlyList<Measure>> GroupedAsync(string folder)
    {
        var data = await BenchData.CreateAsync(folder);
        await data.AddMonthAsync(BenchData.Month, GroupedEvents);
        data.Repeat(times: 49);
        await using var site = await SiteProcess.StartAsync(data);
        await site.GetAsync(SiteProcess.ReportPath(), fragment: true, times: 200);
        var measures = new List<Measure>();
        foreach (var by in Enum.GetValues<UsageGroupBy>())
        {
            var grouped = $"{SiteProcess.ReportPath()}&groupBy={by.Word()}";
            await site.GetAsync(grouped, fragment: true, times: 100);
            var medians = await Alternating.MediansAsync(() => site.GetAsync(grouped, fragment: true, times: 50), () => site.GetAsync(SiteProcess.ReportPath(), fragment: true, times: 50));
            measures.Add(Measure.Cpu($"insight: 10,000 events by {by.Label().ToLowerInvariant()}, to the flat month", medians, GroupedLimit));
        }
        return measures;
    }
}
